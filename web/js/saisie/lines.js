// The lines of this phone: what waits, what is recorded, what was refused and why.
import { h } from '../dom.js';
import { VERDICTS, day, kilos, moment } from './words.js';

const SHOWN = 40;
const STATES = {
  queued: () => 'en attente d’envoi',
  sent: (l) => `${VERDICTS[l.verdict] ?? l.verdict} le ${moment(l.sent)}`,
  refused: () => 'refusée',
};

const button = (text, onclick) => h('button', { type: 'button', class: 'quiet', onclick }, text);

// `acts` = { again(item), correct(item), cancel(item), remove(item) }
function row(l, acts, isSuperseded) {
  const isCancel = l.body.reason === 'CANCEL';
  const canChange = !isCancel && !isSuperseded && l.verdict !== 'cancelled';
  const what = isCancel ? 'Annulation : ' : l.body.reason === 'EDIT' ? 'Correction : ' : '';
  return h('li', { class: `line ${l.state}`, 'data-public-id': l.body.publicId },
    h('p', null, h('strong', null, `${what}${kilos(l.label.kg)}`), ` ${l.label.flow}, ${l.label.place}, ${day(l.label.day)}`),
    h('p', { class: 'state' }, STATES[l.state](l)),
    l.reason && h('p', { class: 'reason' }, l.reason),
    h('div', { class: 'acts' },
      !isCancel && button('Reprendre', () => acts.again(l)),
      canChange && button('Corriger', () => acts.correct(l)),
      canChange && l.state === 'sent' && button('Annuler', () => acts.cancel(l)),
      (l.state === 'refused' || (l.state === 'queued' && !l.tried)) && button('Supprimer', () => acts.remove(l))));
}

export function lineList(items, acts) {
  const newest = items.slice().reverse();
  const count = (state) => items.filter((l) => l.state === state).length;
  // A line that was corrected or cancelled is changed through its latest item.
  const seen = new Set();
  const rows = newest.map((l) => {
    const isSuperseded = seen.has(l.body.publicId);
    seen.add(l.body.publicId);
    return { l, isSuperseded };
  });
  const first = [...rows.filter(({ l }) => l.state !== 'sent'), ...rows.filter(({ l }) => l.state === 'sent')];
  return h('section', { 'aria-labelledby': 't-lines' },
    h('h2', { id: 't-lines' }, 'Lignes de ce téléphone'),
    items.length === 0 ? h('p', { class: 'facts' }, 'Aucune ligne pour l’instant.')
      : h('p', { class: 'facts', id: 'counts' }, `En attente : ${count('queued')} · envoyées : ${count('sent')} · refusées : ${count('refused')}`),
    h('ul', { class: 'lines' }, first.slice(0, SHOWN).map(({ l, isSuperseded }) => row(l, acts, isSuperseded))));
}
