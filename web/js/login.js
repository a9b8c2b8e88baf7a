// Who is connected, and the forms of an account: connecting, a new password, leaving. Loaded where there are accounts.
import { h } from './dom.js';

document.head.append(h('link', { rel: 'stylesheet', href: '/css/login.css' }));

const field = (id, text, type, autocomplete, more) => h('p', null, h('label', { for: id }, text),
  h('input', { id, name: id, type, autocomplete, required: true, ...more }));

// A dialog that goes when it is closed; the keyboard then returns to where it was. What is done loads the page again.
function show(title, ...children) {
  const dialog = h('dialog', { class: 'card', 'aria-labelledby': 'dialog-title', onclose: () => dialog.remove() },
    h('h2', { id: 'dialog-title' }, title), children,
    h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Fermer'));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

async function send(method, path, body) {
  const reply = await fetch(path, { method, ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }) })
    .catch(() => { throw new Error('Le service ne répond pas. Vérifiez la connexion, puis réessayez.'); });
  if (reply.ok) return;
  const problem = await reply.json().catch(() => ({}));
  throw new Error(problem.detail ?? `Le service a refusé la demande (${reply.status}).`);
}

// `act` gets what was typed; a refusal is said in the form, which stays as it is.
function form(act, word, ...fields) {
  const said = h('p', { class: 'refusal', role: 'alert' });
  const go = h('button', { type: 'submit' }, word);
  return h('form', {
    onsubmit: async (event) => {
      event.preventDefault();
      said.textContent = '';
      go.disabled = true;
      try {
        await act(Object.fromEntries(new FormData(event.target)));
        location.reload();
      } catch (e) {
        said.textContent = e.message;
        go.disabled = false;
      }
    },
  }, fields, said, go);
}

const login = () => show('Se connecter', form(
  ({ login: name, password }) => send('POST', '/api/session', { login: name, password }), 'Se connecter',
  field('login', 'Identifiant', 'text', 'username', { autocapitalize: 'none', spellcheck: 'false' }),
  field('password', 'Mot de passe', 'password', 'current-password')));

const account = (person) => show(person.name,
  form(() => send('DELETE', '/api/session'), 'Se déconnecter', h('p', null, `Vous êtes connecté sous l’identifiant «\u00a0${person.login}\u00a0».`)),
  h('h3', null, 'Changer de mot de passe'),
  h('p', { class: 'facts' }, 'Douze caractères au moins. Vos autres sessions seront closes.'),
  form(({ current, password }) => send('POST', '/api/session/password', { current, password }), 'Changer',
    h('input', { type: 'text', class: 'hidden', autocomplete: 'username', value: person.login, readonly: true, tabindex: '-1', 'aria-hidden': 'true' }),
    field('current', 'Mot de passe actuel', 'password', 'current-password'),
    field('password', 'Nouveau mot de passe', 'password', 'new-password', { minlength: 12 })));

const link = (text, onclick) => h('button', { type: 'button', class: 'bare', onclick }, text);

export function greet(box, { person, organisation }) {
  box.replaceChildren(...(person ? [h('span', null, `${person.name}, ${organisation.name}`), link('Mon compte', () => account(person))]
    : [link('Se connecter', login)]));
}
