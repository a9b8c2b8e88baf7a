// The answer in a card: one word, one sentence and six figures.
import { h, term } from './dom.js';
import { change, eur, gap, growth, millions, percent, perTonne, tonnes, word } from './format.js';

const SIGN = { viable: '✓', not_viable: '✕', undecided: '?', no_status_quo: '–' };

const figure = (id, name, value, ...note) => h('div', { class: 'figure', id: `f-${id}` }, h('dt', null, name), h('dd', null, h('b', null, value), h('span', null, note)));

// An effect of the plan at the marks: what it becomes at the first one, what it was, and the same at the next.
function effect(plan, id, name, now, before, show) {
  const [first, ...next] = plan.years.filter((y) => y.mark);
  if (!first) return null;
  const was = (y) => (y[before] == null ? '' : [` contre ${show(y[before])} (`, h('strong', { class: y[now] > y[before] ? 'worse' : 'better' }, growth(y[now], y[before])), ')']);
  return figure(id, [name, ` par an, an ${first.mark}`], show(first[now]), was(first), next.map((y) => [h('br'), `an ${y.mark} : ${show(y[now])}`, was(y)]));
}

function figures(plan) {
  const { cost, horizon } = plan;
  const compared = cost.statu_quo_eur != null;
  const most = cost.value_bound_eur > cost.value_eur ? `au plus ${eur(cost.value_bound_eur)} ; ` : '';
  return h('dl', { class: 'figures' },
    compared && figure('value', term('creee', 'Valeur créée'), change(eur(cost.value_eur), cost.value_eur), most, term('valeur', 'valeur actualisée'), ` sur ${horizon.years} ans, taux de ${percent(horizon.discount_rate)}`),
    figure('tonne', 'Coût à la tonne', perTonne(cost.eur_per_tonne_after), compared && [`contre ${perTonne(cost.eur_per_tonne_before)} en `, term('statuquo', 'statu quo')]),
    figure('total', 'Coût total', eur(cost.plan_eur), compared && `contre ${eur(cost.statu_quo_eur)} en statu quo`),
    figure('gap', term('ecart', 'Écart prouvé'), gap(cost.gap), `aucun plan ne coûte moins de ${eur(cost.bound_eur)} (`, term('borne', 'borne'), ')'),
    effect(plan, 'km', term('vkm', 'Véhicules-km'), 'vehicle_km', 'vehicle_km_before', (x) => millions(x, 'M')),
    effect(plan, 'co2', [term('co2', 'CO₂'), ' du transport'], 'co2_t', 'co2_t_before', tonnes));
}

export const verdict = (plan) => h('article', { class: `card verdict ${plan.answer}` },
  h('p', { class: 'stamp' }, h('i', { 'aria-hidden': 'true' }, SIGN[plan.answer] ?? ''), term('viable', word(plan.answer))),
  h('p', { class: 'sentence' }, plan.sentence),
  figures(plan));
