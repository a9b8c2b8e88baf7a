// The answer in a card: one word, one sentence and six figures; below the map, why it is so and how sure it is.
import { differenceChart, key } from './charts.js';
import { byId, h, term } from './dom.js';
import { change, eur, gap, growth, meur, millions, percent, perTonne, share, tonnes, word } from './format.js';

const SIGN = { viable: '✓', not_viable: '✕', undecided: '?', no_status_quo: '–' };
const CLASSES = ['measured', 'published', 'assumption'];

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

const WHY = {
  viable: 'D’où vient l’économie', not_viable: 'Pourquoi rien n’est moins cher', undecided: 'Ce que le plan change', no_status_quo: 'De quoi le coût est fait',
};

function why(plan) {
  const more = plan.years.some((y) => y.vehicle_km_before != null && y.vehicle_km > y.vehicle_km_before);
  return [h('h3', null, WHY[plan.answer] ?? 'Pourquoi'),
    plan.cost.statu_quo_eur == null ? h('p', null, 'Il n’y a pas de statu quo auquel comparer le plan.')
      : [h('p', { class: 'facts' }, 'Plan moins ', term('statuquo', 'statu quo'), `, en valeur actualisée sur ${plan.horizon.years} ans. `, h('a', { href: '#couts' }, 'Tous les postes')),
        differenceChart(plan.breakdown, plan.cost.plan_eur - plan.cost.statu_quo_eur), key([['good', 'moins de dépenses'], ['bad', 'plus de dépenses']])],
    more && plan.answer === 'viable' && h('p', null, 'Traiter de grandes quantités au même endroit coûte moins cher à la tonne, mais allonge des trajets : les camions roulent davantage que sans le plan.'),
  ].flat().filter(Boolean);
}

function sure(confidence) {
  const parts = CLASSES.map((c) => [c, confidence?.[c] ?? 0]);
  const bar = parts.map(([c, part]) => {
    const piece = h('i', { class: c });
    piece.style.flexGrow = String(part);
    return piece;
  });
  return [
    h('p', null, h('strong', null, `${share(confidence?.assumption)} du coût du plan repose sur des hypothèses.`), ' Selon la ', term('confiance', 'confiance'), ' accordée à chaque chiffre :'),
    h('div', { class: 'stack', 'aria-hidden': 'true' }, bar),
    h('p', { class: 'key' }, parts.map(([c, part]) => h('span', null, h('i', { class: `swatch ${c}` }), `${word(c)} ${share(part)}`)))];
}

export function reasons(plan) {
  byId('why').replaceChildren(...why(plan));
  byId('confidence').replaceChildren(...sure(plan.confidence));
}
