// The answer in a card: one word, one sentence, four figures, and how sure they are.
import { h, term } from './dom.js';
import { change, eur, percent, perTonne, share, word } from './format.js';

const MEANING = {
  viable: 'Un plan moins cher que la situation actuelle existe ; il est montré ci-dessous.',
  not_viable: 'Il est prouvé qu’aucune nouvelle plateforme ne coûte moins cher que la situation actuelle.',
  no_status_quo: 'Les usines existantes ne suffisent pas : il n’y a pas de situation actuelle à laquelle comparer le plan.',
  undecided: 'À ce stade du calcul, on ne peut ni montrer un plan moins cher, ni prouver qu’il n’y en a pas.',
};
const SIGN = { viable: '✓', not_viable: '✕', undecided: '?' };
const CLASSES = ['measured', 'published', 'assumption'];

const figure = (id, name, value, note) => h('div', { class: 'figure', id: `f-${id}` }, h('dt', null, name), h('dd', null, h('b', null, value), h('span', null, note)));

function figures({ cost, horizon }) {
  const years = `sur ${horizon.years} ans, en ${horizon.first_year} au taux de ${percent(horizon.discount_rate)}`;
  const before = perTonne(cost.eur_per_tonne_before);
  const after = perTonne(cost.eur_per_tonne_after);
  const more = cost.value_bound_eur > cost.value_eur ? `au plus ${eur(cost.value_bound_eur)} ; ` : '';
  return h('dl', { class: 'figures' },
    figure('value', term('creee', 'Valeur créée'), change(eur(cost.value_eur), cost.value_eur), [more, term('valeur', 'valeur actualisée'), ` ${years}`]),
    figure('tonne', 'Coût à la tonne', after, [`avec le plan, contre ${before} en `, term('statuquo', 'statu quo')]),
    figure('total', 'Coût total', eur(cost.plan_eur), [`contre ${eur(cost.statu_quo_eur)} en statu quo`]),
    figure('gap', term('ecart', 'Écart prouvé'), percent(cost.gap), ['aucun plan ne coûte moins de ', eur(cost.bound_eur), ' (', term('borne', 'borne'), ')']));
}

function sureness(confidence) {
  const parts = CLASSES.map((c) => [c, confidence?.[c] ?? 0]);
  const bar = parts.map(([c, part]) => {
    const piece = h('i', { class: c });
    piece.style.flexGrow = String(part);
    return piece;
  });
  return h('div', { class: 'sureness', id: 'sureness' },
    h('p', null, h('strong', null, 'Sur quoi repose la réponse'), ' (', term('confiance', 'confiance'), ' des chiffres)'),
    h('div', { class: 'stack', 'aria-hidden': 'true' }, bar),
    h('p', { class: 'key' }, parts.map(([c, part]) => h('span', null, h('i', { class: `swatch ${c}` }), `${word(c)} ${share(part)}`))));
}

export function verdict(plan) {
  return h('article', { class: `card verdict ${plan.answer}` },
    h('div', { class: 'saying' },
      h('p', { class: 'stamp' }, h('i', { 'aria-hidden': 'true' }, SIGN[plan.answer] ?? ''), word(plan.answer)),
      h('p', { class: 'sentence' }, plan.sentence || MEANING[plan.answer]),
      h('p', { class: 'meaning' }, MEANING[plan.answer], ' ', term('viable', `Que veut dire « ${word(plan.answer).toLowerCase()} » ?`))),
    figures(plan),
    sureness(plan.confidence));
}
