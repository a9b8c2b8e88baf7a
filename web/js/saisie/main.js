// The entry page: a form, the lines of this phone, and what sends them.
import { byId, h } from '../dom.js';
import { disconnect, loginForm, whoIsThere } from './account.js';
import { entryForm } from './entry.js';
import { lineList } from './lines.js';
import * as queue from './queue.js';
import { makeSender } from './send.js';

const parts = { link: byId('link'), message: byId('message'), account: byId('account'), entry: byId('entry'), lines: byId('lines') };
const RETRY_MS = 60e3;
const GOOD_NEWS_MS = 6e3;
let account = null;
let entry = null;
let halt = null; // why lines wait: what the sender said last

// Good news goes away by itself; bad news stays until there is other news.
let fade = null;
function say(kind, text) {
  clearTimeout(fade);
  parts.message.replaceChildren(h('p', { class: `card notice ${kind}` }, text));
  if (kind === 'good') fade = setTimeout(() => parts.message.replaceChildren(), GOOD_NEWS_MS);
}
const mine = async () => (await queue.all()).filter((l) => l.account === account?.person.id);

async function show() {
  const items = account ? await mine() : await queue.all();
  const waiting = items.filter((l) => l.state === 'queued').length;
  const isAway = !navigator.onLine || halt?.wait === 'network';
  const tail = waiting ? ` · ${waiting} ${waiting > 1 ? 'lignes attendent' : 'ligne attend'}` : '';
  parts.link.textContent = `${isAway ? 'Hors ligne' : 'En ligne'}${tail}`;
  parts.link.className = `link ${isAway ? 'away' : waiting ? 'busy' : 'well'}`;
  entry?.suggest(items.filter((l) => l.body.flow && l.state !== 'refused'));
  if (account) parts.lines.replaceChildren(lineList(items, acts));
  else parts.lines.replaceChildren(...(waiting ? [h('p', { class: 'facts' }, 'Elles partiront quand la personne qui les a saisies sera connectée.')] : []));
}

const sender = makeSender({
  account: () => account?.person.id,
  changed: show,
  halted(stop) {
    halt = stop;
    if (stop?.wait === 'login') start(null);
    else if (stop?.wait === 'right') say('bad', stop.text ?? 'Ce compte n’a pas le droit d’enregistrer des volumes.');
    else show();
  },
});

// ---- What is done to a line ----

async function keep(body, label, reason, publicId = crypto.randomUUID()) {
  await queue.add({ account: account.person.id, key: crypto.randomUUID(), body: { publicId, ...(reason && { reason }), ...body }, label,
    state: 'queued', tried: false, verdict: null, reason: null, saved: new Date().toISOString(), sent: null });
}

// What the service has never had, or has refused, is changed here; what it may have is corrected there.
async function correct(item, body, label) {
  const isOurs = (l) => l.state === 'refused' || (l.state === 'queued' && !l.tried);
  let isHere = false;
  await queue.change(item.seq, (l) => {
    isHere = isOurs(l);
    const { publicId, reason } = l.body;
    return isHere ? { ...l, key: crypto.randomUUID(), body: { publicId, ...(reason && { reason }), ...body }, label, state: 'queued', tried: false, verdict: null, reason: null } : l;
  });
  if (!isHere) await keep(body, label, 'EDIT', item.body.publicId);
}

async function save(body, label, item) {
  if (item) await correct(item, body, label);
  else await keep(body, label);
  say('good', navigator.onLine ? 'Ligne gardée, envoi en cours.' : 'Ligne gardée sur ce téléphone. Elle partira dès qu’il y aura du réseau.');
  await show();
  sender.kick();
}

const acts = {
  again: (l) => entry?.fill(l.body),
  correct: (l) => entry?.fill(l.body, l),
  async cancel(l) {
    if (!confirm(`Annuler cette ligne de ${l.label.flow} ? Elle reste au registre, marquée annulée.`)) return;
    await keep({}, l.label, 'CANCEL', l.body.publicId);
    await show();
    sender.kick();
  },
  async remove(l) {
    if (!confirm('Supprimer cette ligne de ce téléphone ? Le service ne l’a pas enregistrée.')) return;
    await queue.change(l.seq, (now) => (now.state === 'queued' && now.tried ? now : { ...now, state: 'removed' }));
    for (const gone of await queue.all()) if (gone.state === 'removed') await queue.remove(gone.seq);
    await show();
  },
};

// ---- Who, and with which lists ----

async function lists() {
  try {
    const reply = await fetch('/api/volumes/form', { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(8000) });
    if (reply.ok) {
      const form = await reply.json();
      await queue.setNote('form', form);
      return form;
    }
    const problem = await reply.json().catch(() => ({}));
    if (reply.status === 403) return say('bad', problem.detail ?? 'Ce compte n’a pas le droit d’enregistrer des volumes.');
  } catch { /* no signal: as last time */ }
  return queue.note('form');
}

async function leave() {
  if ((await mine()).some((l) => l.state === 'queued') && !confirm('Des lignes attendent encore d’être envoyées : elles restent sur ce téléphone et partiront à votre prochaine connexion. Se déconnecter ?')) return;
  try {
    await disconnect();
    location.reload();
  } catch (e) {
    say('bad', e.message);
  }
}

async function start(who) {
  account = who;
  entry = null;
  parts.entry.replaceChildren();
  if (!who) {
    parts.account.replaceChildren(loginForm(start));
    return show();
  }
  parts.account.replaceChildren(h('p', { class: 'who' }, `${who.person.name}, ${who.organisation?.name ?? ''}`,
    h('button', { type: 'button', class: 'quiet', onclick: leave }, 'Se déconnecter')));
  const known = await lists();
  if (known) {
    entry = entryForm(known, save);
    parts.entry.replaceChildren(entry.form);
  } else if (!parts.message.hasChildNodes()) {
    say('bad', 'Les listes du formulaire n’ont pas pu être chargées : il faut du réseau la première fois.');
  }
  await show();
  return sender.kick();
}

async function open() {
  navigator.serviceWorker?.register('/saisie-worker.js', { scope: '/saisie' }).catch(() => {});
  navigator.storage?.persist?.();
  await queue.prune();
  await start(await whoIsThere());
  for (const event of ['online', 'offline']) addEventListener(event, () => (show(), sender.kick()));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && sender.kick());
  setInterval(() => sender.kick(), RETRY_MS);
}
open().catch((e) => say('bad', e.message));
