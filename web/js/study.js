// What the answer hangs on, and how its cost may be shared: loaded when a reader opens the study of a run.
import * as api from './api.js';
import { chart, frame, key, label, line, rect, scale, ticks } from './charts.js';
import { h, term } from './dom.js';
import { change, eur, free, gap, meur, perTonne, perYear, share, sum, tonnes, word } from './format.js';
import { mayPlan } from './session.js';
import { table } from './table.js';

const PARTS = ['tipping', 'tornado', 'draws', 'sharing'];
const PERIOD_MS = 1500;
const cards = true;
const ASIDE = 82; // px: room for the text of a driver's value
const ANSWER = { viable: 'viable', not_viable: 'non viable', undecided: 'indécidé' };
const STABLE = { certain: '✓\u00a0stable, prouvé', no: '✕\u00a0instable', undecided: '?\u00a0non tranché' };

// A value created, as far as it is proved: « 3,2 M€ », or « 0 à 1,4 M€ ».
const worth = ({ value_eur: least, value_bound_eur: most }) => (most - least > 5e4 ? `${meur(least)} à ${meur(most)}` : meur(least));

// ---- tipping points ----

const SHADE = { viable: 'good', not_viable: 'bad' };
const contrary = (answer) => (answer === 'viable' ? 'not_viable' : 'viable');

// What is proved along each driver: [from, to, class of the colour]; without a class nobody knows.
function pieces({ least, most, value, below, above, is_monotone: only }, answer) {
  const sure = (s, end) => (only ? end : s.to ?? end);
  const way = (s, end) => (s.flips
    ? [[value, s.near.value, SHADE[answer]], [s.near.value, s.far.value], [s.far.value, sure(s, end), SHADE[contrary(answer)]], [sure(s, end), end]]
    : [[value, end, s.undecided ? null : SHADE[answer]]]);
  return [...way(below, least), ...way(above, most)];
}

function tippingChart({ drivers, here }) {
  return chart('Ce qui est prouvé le long de chaque levier, et où la réponse bascule', (width) => {
    const row = 58;
    const picture = frame(width, drivers.length * row);
    drivers.forEach((d, i) => {
      const y = i * row;
      const ratio = d.least > 0 && d.most / d.least > 20 ? Math.log : (v) => v; // factors go by their ratio
      const place = scale(ratio(d.least), ratio(d.most), 0, width);
      const x = (v) => place(ratio(v));
      picture.append(label(0, y + 14, d.label, { class: 'name' }));
      for (const [from, to, shade] of pieces(d, here.answer)) {
        picture.append(rect(Math.min(x(from), x(to)), y + 20, Math.abs(x(to) - x(from)), 14, { class: shade ? shade + (d.is_monotone ? '' : ' tried') : 'unlisted' }));
      }
      picture.append(rect(x(d.low), y + 35, x(d.high) - x(d.low), 3, { class: 'platform' }), line(x(d.value), y + 16, x(d.value), y + 40, { class: 'today' }),
        label(0, y + 49, d.least_text, { class: 'tick' }), label(width, y + 49, d.most_text, { class: 'tick', 'text-anchor': 'end' }));
      for (const s of [d.below, d.above].filter((b) => b.flips)) {
        const at = x(s.far.value);
        if (at > 1.6 * ASIDE && at < width - 1.6 * ASIDE) picture.append(label(at, y + 49, s.far.text, { class: 'value', 'text-anchor': 'middle' }));
      }
    });
    return picture;
  });
}

const unflipped = (s) => (s.undecided ? 'non tranché' : 'jamais');
const side = (s) => (s.flips ? s.far.text : unflipped(s));

const tippingTable = ({ drivers }) => ({
  id: 'bascules', cards, caption: 'Levier par levier', rows: drivers,
  columns: [
    ['Levier', 'label'],
    ['Aujourd’hui', 'value', null, { number: true, show: (v, d) => d.text }],
    ['Fourchette', (d) => `${d.low_text} à ${d.high_text}`, null, { term: 'fourchette' }],
    ['Bascule en dessous de', (d) => d.below.far?.value, null, { number: true, show: (v, d) => side(d.below) }],
    ['Bascule au-dessus de', (d) => d.above.far?.value, null, { number: true, show: (v, d) => side(d.above) }],
    ['Preuve', 'sentence'],
  ],
});

// What is proved along one driver, at each value of another.
const flipOf = (step) => [step.below, step.above].find((s) => s.flips);

function frontierChart({ steps, across_label: across, along_label: along, along_unit: per }) {
  const ends = steps.map(flipOf).filter(Boolean).flatMap((s) => [s.near.value, s.far.value]);
  return chart(`Frontière de viabilité : ${along}, selon ${across}`, (width) => {
    const height = 260;
    const picture = frame(width, height);
    const marks = ticks(Math.min(0, ...ends), Math.max(0, ...ends), 4);
    const [least, most] = [marks[0], marks.at(-1)];
    const slot = (width - 70) / steps.length;
    const y = scale(least, most, height - 46, 24);
    picture.append(label(0, 12, `${along} (${per})`, { class: 'tick' }), label(width / 2, height - 4, across, { class: 'tick', 'text-anchor': 'middle' }));
    for (const m of marks) picture.append(line(62, y(m), width, y(m), { class: m === 0 ? 'axis' : 'grid' }), label(56, y(m) + 4, free(m), { class: 'tick', 'text-anchor': 'end' }));
    steps.forEach((s, i) => {
      const x = 70 + i * slot;
      for (const [from, to, shade] of pieces({ ...s, least, most, value: flipOf(s)?.near.value ?? least, is_monotone: true }, s.answer)) {
        picture.append(rect(x, Math.min(y(from), y(to)), slot - 8, Math.abs(y(to) - y(from)), { class: shade ?? 'unlisted' }));
      }
      if (width > 520 || i % 2 === 0) picture.append(label(x + slot / 2 - 4, height - 24, s.text, { class: 'tick', 'text-anchor': 'middle' }));
    });
    return picture;
  });
}

const frontierTable = ({ steps, across_label: across, along_label: along }) => ({
  id: 'frontiere', cards, caption: 'La même, en chiffres', rows: steps,
  columns: [
    [across, 'at', null, { number: true, show: (v, s) => s.text }],
    ['Réponse', (s) => ANSWER[s.answer]],
    [`${along} : réponse inchangée`, (s) => flipOf(s)?.near.value, null, { number: true, show: (v, s) => flipOf(s)?.near.text ?? '–' }],
    [`${along} : réponse contraire`, (s) => flipOf(s)?.far.value, null, { number: true, show: (v, s) => flipOf(s)?.far.text ?? unflipped({ undecided: s.below.undecided || s.above.undecided }) }],
  ],
});

const frontier = (f) => [h('h4', null, 'Frontière de viabilité'), f.steps.some(flipOf)
  ? [h('p', { class: 'facts' }, 'À chaque valeur essayée, ce qui est prouvé : la réponse change dans le gris.'), frontierChart(f)]
  : h('p', { class: 'facts' }, 'Aucune bascule n’est prouvée dans la plage étudiée.')];

// ---- tornado ----

function tornadoChart({ drivers }, here) {
  const ends = drivers.flatMap((d) => [d.low.value_eur, d.high.value_eur]);
  return chart('Valeur créée quand chaque levier va d’un bout à l’autre de sa fourchette', (width) => {
    const row = 46;
    const bottom = drivers.length * row;
    const picture = frame(width, bottom + 22);
    const marks = ticks(Math.min(0, ...ends), Math.max(1, ...ends), width < 520 ? 2 : 6);
    const x = scale(Math.min(0, ...ends), Math.max(1, ...ends), ASIDE, width - ASIDE);
    for (const m of marks.filter((v) => x(v) < width - 24)) {
      picture.append(line(x(m), 0, x(m), bottom, { class: m === 0 ? 'axis' : 'grid' }),
        label(x(m), bottom + 16, meur(m), { class: 'tick', 'text-anchor': 'middle' }));
    }
    drivers.forEach((d, i) => {
      const y = i * row;
      const [left, right] = [d.low, d.high].sort((a, b) => a.value_eur - b.value_eur);
      const [from, to] = [x(left.value_eur), x(right.value_eur)];
      picture.append(label(0, y + 14, d.label, { class: 'name' }),
        rect(from, y + 20, Math.max(to - from, 2), 16, { class: 'platform', rx: 1 }),
        label(from - 5, y + 33, left.text, { class: 'value', 'text-anchor': 'end' }), label(to + 5, y + 33, right.text, { class: 'value' }),
        line(x(here.value_eur), y + 18, x(here.value_eur), y + 38, { class: 'today' }));
    });
    return picture;
  });
}

const tornadoTable = ({ drivers }) => ({
  id: 'sensibilite', cards, caption: 'D’un bout à l’autre de chaque fourchette', rows: drivers,
  columns: [
    ['Levier', 'label'],
    ...[['bas', 'low'], ['haut', 'high']].flatMap(([name, end]) => [
      [`Au plus ${name}`, (d) => d[end].value, null, { number: true, show: (v, d) => d[end].text }],
      [`Valeur créée, levier ${name} (€)`, (d) => d[end].value_eur, null, { number: true, show: (v, d) => worth(d[end]) }],
      [`Réponse, levier ${name}`, (d) => ANSWER[d[end].answer]],
    ]),
    ['Source de la fourchette', (d) => (d.year ? `${d.source}, ${d.year}` : d.source)],
    ['Confiance', (d) => word(d.confidence), null, { term: 'confiance' }],
  ],
});

// ---- draws ----

const BINS = 16;

function drawsChart({ values_eur: all }) {
  const values = all.filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const bins = Array(BINS).fill(0);
  for (const v of values) bins[Math.min(BINS - 1, Math.floor(((v - low) / (high - low)) * BINS))]++;
  return chart('Répartition de la valeur créée sur les tirages', (width) => {
    const height = 190;
    const picture = frame(width, height);
    const x = scale(0, BINS, 34, width - 34);
    const y = scale(0, Math.max(...bins), height - 24, 16);
    bins.forEach((n, i) => picture.append(rect(x(i) + 1, y(n), x(i + 1) - x(i) - 2, height - 24 - y(n), { class: 'platform' }),
      n && label((x(i) + x(i + 1)) / 2, y(n) - 4, n, { class: 'tick', 'text-anchor': 'middle' })));
    for (const i of [0, BINS / 2, BINS]) picture.append(label(x(i), height - 6, meur(low + (i / BINS) * (high - low)), { class: 'tick', 'text-anchor': 'middle' }));
    picture.append(line(34, height - 24, width - 34, height - 24, { class: 'axis' }));
    return picture;
  });
}

const siteTable = ({ sites }) => ({
  id: 'frequences', cards, caption: 'Quels sites, de quelle taille', rows: sites.flatMap((s) => s.lines.map((l) => ({ ...l, at: s }))), empty: 'Aucun site n’est retenu.',
  columns: [
    ['Site', (l) => l.at.name],
    ['Région', (l) => l.at.region_name],
    ['Site retenu', (l) => l.at.share, share],
    ['Flux', (l) => word(l.flow)],
    ['Taille (t/an)', 'capacity_t', perYear],
    ['Cette taille retenue', 'share', share],
  ],
});

const planTable = ({ plans, least_regret_plan: least, compared_draws: compared }) => ({
  id: 'regrets', cards, caption: `Plans gardés tels quels, sur ${compared} tirages`, rows: plans,
  columns: [
    ['Plan', (p) => p.name, null, { show: (v, p) => [v, p.is_today && h('span', { class: 'facts' }, ' (aujourd’hui)'), p === plans[least] && h('strong', null, ' : le moindre pire regret')].filter(Boolean) }],
    ['Le meilleur dans', 'best_share', share],
    ['Pire regret (€)', 'worst_regret_eur', eur, { term: 'regret' }],
    ['Regret moyen (€)', 'mean_regret_eur', eur],
    ['Valeur en risque (€)', 'value_at_risk_eur', eur, { term: 'risque' }],
    ['Perd dans', 'loss_share', share],
  ],
});

// ---- sharing ----

const ruleTable = ({ rules }) => ({
  id: 'regles', cards, caption: 'Les règles, et si elles tiennent', rows: rules,
  columns: [
    ['Règle', 'label'],
    ['Principe', 'note'],
    ['Stable ?', (r) => STABLE[r.stable] ?? '–', null, { term: 'stable' }],
    ['Ce que cela veut dire', 'stable_note'],
    ['Premier mécontent', (r) => (r.first_objection ? `${r.first_objection} (paierait ${eur(r.first_objection_eur)} de moins à part)` : 'personne')],
  ],
});

// One row a region, one pair of columns a rule; each rule's shares add up to the same total.
const shareTable = ({ regions, rules, shares, total_eur: total }) => {
  const all = sum(regions.map((r) => r.tonnes));
  const of = (row, rule) => (row.region ? shares.find((s) => s.region === row.region && s.rule === rule) : { share_eur: total, share_eur_t: total / all });
  return {
    id: 'partage-regions', caption: 'Ce que paierait chaque région, sur toute la période', rows: regions,
    columns: [
      ['Région', 'name'],
      ['Tonnes actualisées (t)', 'tonnes', tonnes],
      ['Statu quo (€)', 'before_eur', meur, { term: 'statuquo' }],
      ['Seule, au mieux (€)', 'alone_eur', meur],
      ...rules.flatMap(({ rule, label: name }) => [
        [`${name} (€)`, (r) => of(r, rule).share_eur, meur],
        [`${name}, à la tonne (€/t)`, (r) => of(r, rule).share_eur_t, perTonne],
      ]),
    ],
    total: { tonnes: all, before_eur: sum(regions.map((r) => r.before_eur)), alone_eur: sum(regions.map((r) => r.alone_eur)) },
  };
};

const inviteTable = ({ regions }) => ({
  id: 'inviter', cards, caption: 'Ce que chaque région apporte aux autres', rows: regions,
  columns: [
    ['Région', 'name'],
    ['Seule', (r) => ANSWER[r.alone_answer]],
    ['Apporte au moins (€)', 'brings_least_eur', (x) => change(meur(x), x)],
    ['Apporte au plus (€)', 'brings_most_eur', (x) => change(meur(x), x)],
    ['Plus petit groupe viable avec elle', (r) => r.smallest_viable.names ?? 'aucun'],
    ['Sûr ?', (r) => (r.smallest_viable.is_sure ? 'prouvé' : 'à l’écart près')],
  ],
});

const groupTable = ({ coalitions, regions }) => {
  const names = new Map(regions.map((r) => [r.region, r.name]));
  return {
    id: 'groupes', caption: 'Tous les groupes', rows: coalitions,
    columns: [
      ['Groupe', (c) => c.regions.map((r) => names.get(r) ?? r).join(', ')],
      ['Réponse', (c) => ANSWER[c.answer]],
      ['Statu quo (€)', 'before_eur', meur],
      ['Coût (€)', 'cost_eur', meur],
      ['Borne (€)', 'bound_eur', meur, { term: 'borne' }],
      ['Écart', 'gap', gap, { term: 'ecart' }],
    ],
  };
};

// ---- the whole ----

const chapter = (id, title, sentence, ...content) => h('section', { id, class: 'finding' }, h('h3', null, title), sentence && h('p', null, sentence), content);
const folded = (title, content) => h('details', null, h('summary', null, title), content);

const proved = () => key([['good', 'viable, prouvé'], ['bad', 'non viable, prouvé'], ['good tried', 'plus pâle : prouvé aux seules valeurs essayées'],
  ['unlisted', 'entre deux preuves, ou non tranché'], ['line-platform', 'fourchette'], ['line-bound', 'aujourd’hui']]);

function show(found, stem) {
  const { tipping, tornado, draws, sharing } = found;
  const sheet = (description) => table(description, stem);
  return [
    tipping && chapter('bascules', 'Ce qui ferait basculer la réponse', tipping.sentence, tipping.drivers.length > 0 && [tippingChart(tipping), proved()], sheet(tippingTable(tipping)),
      tipping.frontiers.map((f) => [frontier(f), folded('La frontière en chiffres', sheet(frontierTable(f)))])),
    tornado && chapter('sensibilite', 'Ce qui pèse le plus', tornado.sentence, tornadoChart(tornado, tornado.here),
      key([['platform', 'valeur créée, d’un bout à l’autre de la fourchette, plan refait'], ['line-bound', 'aujourd’hui']]), folded('Les mêmes, en chiffres, avec leurs sources', sheet(tornadoTable(tornado)))),
    draws && chapter('tirages', 'Quand tout bouge à la fois', draws.sentence, drawsChart(draws), h('p', { class: 'facts' }, 'Nombre de tirages selon la ', term('creee', 'valeur créée'), ', plan refait à chaque tirage.'),
      sheet(planTable(draws)), folded('Quels sites, de quelle taille', sheet(siteTable(draws)))),
    sharing && chapter('partage', 'Qui paierait quoi', sharing.sentence, sheet(ruleTable(sharing)), sheet(shareTable(sharing)),
      h('h4', null, 'Qui inviter'), h('p', null, sharing.invite_sentence), sheet(inviteTable(sharing)),
      sharing.notes.length > 0 && h('ul', null, sharing.notes.map((n) => h('li', null, n))), folded('Tous les groupes de régions', sheet(groupTable(sharing)))),
  ];
}

const notice = (text, ...more) => h('div', { class: 'notice' }, h('p', null, text), more);
const button = (text, onclick) => h('button', { type: 'button', onclick }, text);

// Shows the study of a run in `box`, or offers one; follows it while it works. Ends with the signal.
export async function study(box, id, stem, signal) {
  const again = () => study(box, id, stem, signal);
  const attempt = (work) => async () => {
    try {
      await work();
      await again();
    } catch (e) {
      if (e.name !== 'AbortError') box.replaceChildren(notice(e.message, button('Réessayer', again)));
    }
  };
  const offer = (text) => box.replaceChildren(notice(text, mayPlan() && button('Lancer l’étude', attempt(() => api.startStudy(id)))));
  try {
    const run = await api.run(id, signal);
    if (!run.study) return offer('Cette réponse n’a pas encore été étudiée. Une étude refait le calcul des centaines de fois : comptez de quelques minutes à une heure, selon la taille du réseau.');
    const { id: own, state } = run.study;
    if (state === 'failed') return offer(`L’étude a échoué : ${(await api.run(own, signal)).error ?? 'sans dire pourquoi'}`);
    if (state !== 'done') {
      const { progress } = await api.run(own, signal);
      box.replaceChildren(notice(state === 'queued' ? 'L’étude attend son tour.' : `Étude en cours : ${progress?.stage ?? 'départ'}.`,
        mayPlan() && button('Arrêter l’étude', attempt(() => api.stop(own)))));
      await new Promise((ok) => setTimeout(ok, PERIOD_MS));
      return signal.aborted || !box.isConnected ? null : again();
    }
    const parts = await Promise.all(PARTS.map((p) => api.found(id, p, signal).catch((e) => {
      if (e.status !== 404) throw e;
      return null; // not asked for
    })));
    box.replaceChildren(...show(Object.fromEntries(PARTS.map((p, i) => [p, parts[i]])), stem).flat(Infinity).filter(Boolean),
      h('p', { class: 'facts' }, `Étude n° ${own}. `, mayPlan() && button('Refaire l’étude', attempt(() => api.startStudy(id)))));
  } catch (e) {
    if (e.name !== 'AbortError') box.replaceChildren(notice(e.message, button('Réessayer', again)));
  }
}
