// Haulage by rounds beside the estimate of direct trips: in the report of a plan whose haulage comes from rounds, and
// in the rounds themselves. Loaded with either.
import { byId, h } from './dom.js';
import { change, perTonne, tonnes } from './format.js';
import { table } from './table.js';

const delta = (x) => change(perTonne(x), x);

export const haulTable = (id, caption, rows, first, last) => ({
  id, cards: true, caption, rows,
  columns: [
    ...first,
    ['Flux', 'label', null, { term: 'flux' }],
    ['Distance', (r) => (r.below_km == null ? 'au-delà' : `moins de ${r.below_km} km`)],
    ['Tonnes d’une semaine (t)', 'tonnes', tonnes],
    ['Par les tournées (€/t)', 'rounds_eur_t', perTonne],
    ['Estimation (€/t)', 'estimate_eur_t', perTonne, { term: 'estimation' }],
    last,
  ],
});

export const roundsTable = (rows) => haulTable('transport', 'Transport : tournées et estimation', rows,
  [['Pôle', 'hub_name', null, { term: 'pole' }]], ['Écart (€/t)', (r) => r.rounds_eur_t - r.estimate_eur_t, delta]);

export function haulage({ scenario, haulage_rounds: run, haulage_bands: rows }) {
  byId('couts').append(h('div', { class: 'card' }, table(haulTable('couts-tournees', `Transport calculé d’après les tournées n° ${run}`, rows,
    [], ['Compté en plus (€/t)', 'extra_eur_t', delta, { term: 'regroupement' }]), `recircuit-${scenario.code}`)));
}
