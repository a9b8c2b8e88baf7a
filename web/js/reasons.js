// Below the map: why the answer is so, and how sure it is.
import { differenceChart, key } from './charts.js';
import { byId, h, term } from './dom.js';
import { share, word } from './format.js';

const CLASSES = ['measured', 'published', 'assumption'];
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
