// Who is connected: asked of the service, remembered for when there is no signal.
import { h } from '../dom.js';
import * as queue from './queue.js';

const JSON_TYPE = { 'Content-Type': 'application/json', Accept: 'application/json' };

// { person, organisation }; null when nobody is. Without an answer, whoever it was last.
export async function whoIsThere() {
  const last = (await queue.note('account')) ?? null;
  let reply;
  try {
    reply = await fetch('/api/session', { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(8000) });
  } catch {
    return last;
  }
  if (reply.status >= 500) return last;
  const account = reply.ok ? await reply.json() : null;
  if (account?.person) await queue.setNote('account', account);
  return account?.person ? account : null;
}

async function connect(login, password) {
  let reply;
  try {
    reply = await fetch('/api/session', { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ login, password }) });
  } catch {
    throw new Error('Pas de réseau : il en faut une fois, pour se connecter. La saisie marche ensuite sans.');
  }
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(body.detail ?? 'La connexion a échoué.');
  await queue.setNote('account', body);
  return body;
}

export async function disconnect() {
  const reply = await fetch('/api/session', { method: 'DELETE' });
  if (!reply.ok && reply.status !== 401) throw new Error('La déconnexion n’a pas pu se faire.');
  await queue.setNote('account', undefined);
  await queue.setNote('form', undefined);
}

export function loginForm(connected) {
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const login = h('input', { id: 'login', name: 'login', autocomplete: 'username', autocapitalize: 'none', required: true });
  const password = h('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const button = h('button', { class: 'main' }, 'Se connecter');
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    fault.hidden = true;
    try {
      await connected(await connect(login.value.trim(), password.value));
    } catch (e) {
      fault.textContent = e.message;
      fault.hidden = false;
    } finally {
      button.disabled = false;
    }
  };
  return h('form', { class: 'card', onsubmit: submit },
    h('h2', null, 'Connexion'),
    h('label', { for: 'login' }, 'Identifiant'), login,
    h('label', { for: 'password' }, 'Mot de passe'), password,
    fault, button);
}
