// A scenario made from the one shown: another name, other volumes, fewer régions, limits, other values. For those who may plan;
// loaded when it is opened.
import * as api from './api.js';
import { h, sheetOf } from './dom.js';
import { unit } from './format.js';

const VOLUMES = [
  ['estimated', 'estimés partout'],
  ['recorded_where_covered', 'enregistrés là où les lignes suffisent, estimés ailleurs'],
  ['recorded', 'enregistrés seulement (sans ligne, rien)'],
];
const LIMITS = [
  ['max_platforms', 'Plateformes, au plus'],
  ['budget_eur', 'Investissement en tout (€)'],
  ['budget_eur_year', 'Investissement par an (€)'],
  ['max_co2_t', 'CO₂ du transport en tout (t)'],
  ['max_co2_t_year', 'CO₂ du transport par an (t)'],
  ['site_max_t', 'Un site prend au plus (t/an)'],
  ['site_min_t', 'Un site ouvert prend au moins (t/an)'],
];

const field = (text, input) => h('label', null, h('span', null, text), input);
const group = (title, ...content) => h('fieldset', null, h('legend', null, title), content);
const french = (x) => String(x).replace('.', ',');
const bare = (cell) => (cell ?? '').trim().replace(/^"(.*)"$/, '$1').replaceAll('""', '"').trim();

// « 12 500,5 », « 8 % ».
function number(text) {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  const found = /^([-+\u2212]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)(%?)$/i.exec(plain);
  return found ? Number(found[1].replace('\u2212', '-')) / (found[2] ? 100 : 1) : null;
}

// Lines « paramètre ; valeur », as typed or pasted from the table of parameters: { values, lines, faults }. A fault names its line;
// `lines` says on which line each parameter stands.
export function readLines(text, parameters) {
  const known = new Map(parameters.flatMap((p) => [[p.id.toLowerCase(), p], [p.label.toLowerCase(), p]]));
  const [values, lines, faults] = [{}, {}, []];
  text.split(/\r?\n/).forEach((line, n) => {
    if (!line.trim()) return;
    const [name, value] = line.split(line.includes('\t') ? '\t' : ';').map(bare);
    if (n === 0 && name === 'Paramètre') return; // the head of the file
    const fault = (why) => faults.push(`Ligne ${n + 1} : ${why}`);
    const p = known.get(name.toLowerCase());
    const read = number(value ?? '');
    if (!p) fault(`« ${name} » n’est pas un paramètre.`);
    else if (value == null || value === '') fault(`il manque la valeur de « ${name} », après un point-virgule.`);
    else if (read == null) fault(`« ${value} » n’est pas un nombre.`);
    else if (p.id in values) fault(`« ${name} » est déjà à la ligne ${lines[p.id]}.`);
    else [values[p.id], lines[p.id]] = [read, n + 1];
  });
  return { values, lines, faults };
}

// What the service refuses, a sentence each, with the line that is meant.
const refusals = (detail, lines) => detail.split(/(?<=\.) (?=L[ea]s? )/).map((said) => {
  const line = lines[/« ([^»]+) »/.exec(said)?.[1]];
  return line ? `Ligne ${line} : ${said}` : said;
});

export async function variant(box, scenario) {
  sheetOf('asking');
  box.replaceChildren(h('p', null, 'Chargement…'));
  const [{ definition }, parameters, outlines] = await Promise.all([api.get(`/api/scenarios/${scenario.id}`), api.parameters(),
    api.boundaries('region').catch(() => ({ features: [] }))]);
  const names = new Map(outlines.features.map((f) => [f.properties.code, f.properties.name]));
  const labels = new Map(parameters.map((p) => [p.id, p.label]));

  const volumes = h('select', { name: 'volumes' }, VOLUMES.map(([value, text]) => h('option', { value, selected: (definition.volumes ?? 'estimated') === value }, text)));
  const mandate = h('p', { class: 'facts' }, 'Un calcul sur volumes enregistrés n’est lancé, et vu, que par un planificateur dont l’organisation a un mandat sur toutes ses régions.');
  const say = () => { mandate.hidden = volumes.value === 'estimated'; };
  volumes.addEventListener('change', say);
  say();

  const typed = h('textarea', { name: 'lines', rows: 5, spellcheck: 'false' },
    Object.entries(definition.parameters ?? {}).map(([id, value]) => `${labels.get(id) ?? id} ; ${french(value)}`).join('\n'));
  const choice = h('select', { id: 'variant-parameter' }, [...parameters].sort((a, b) => a.label.localeCompare(b.label, 'fr')).map((p) => h('option', { value: p.id }, p.label)));
  const add = h('button', { type: 'button', onclick: () => {
    const p = parameters.find((q) => q.id === choice.value);
    typed.value = `${typed.value.trimEnd()}${typed.value.trim() ? '\n' : ''}${p.label} ; ${french(p.value)}`;
    const usual = p.low == null ? '' : `, d’ordinaire de ${french(p.low)} à ${french(p.high)}`;
    unitOf.textContent = `« ${p.label} » : ${unit(p.unit) || 'part, de 0 à 1'}${usual}. Changez la valeur au bout de la ligne.`;
    typed.focus();
    typed.setSelectionRange(typed.value.length - french(p.value).length, typed.value.length);
  } }, 'Ajouter une ligne');
  const unitOf = h('p', { class: 'facts', role: 'status' });

  const said = h('ul', { class: 'faults', role: 'alert' });
  const tell = (...texts) => said.replaceChildren(...texts.map((t) => h('li', null, t)));
  const go = h('button', null, 'Créer cette variante et la calculer');
  box.replaceChildren(h('form', { class: 'asking', onsubmit: async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const { values, lines, faults } = readLines(typed.value, parameters);
    const regions = data.getAll('region');
    if (!regions.length) faults.push('Il faut au moins une région.');
    tell(...faults);
    if (faults.length) return;
    const limits = Object.fromEntries(LIMITS.filter(([name]) => data.get(name)).map(([name]) => [name, Number(data.get(name))]));
    const { candidates, rounds } = definition;
    go.disabled = true;
    try {
      const made = await api.post('/api/scenarios', { name: data.get('name'), description: `Variante de « ${scenario.name} ».`,
        definition: { regions, parameters: values, candidates, ...(rounds && { rounds }), volumes: volumes.value, ...limits } });
      // A scenario that may not be computed is there all the same: the page of the scenario says so.
      await api.startRun(made).catch((e) => tell(e.message));
      if (!said.hasChildNodes()) return location.assign(`?scenario=${made}`);
      return said.append(h('li', null, h('a', { href: `?scenario=${made}` }, 'La variante est créée, sans calcul : la voir.')));
    } catch (e) {
      go.disabled = false;
      return tell(...refusals(e.message, lines));
    }
  } },
  group('Cette variante', field('Nom', h('input', { name: 'name', required: true, maxlength: 200, class: 'wide', value: `${scenario.name}, variante`.slice(0, 200) }))),
  group('D’où viennent les tonnages', field('Tonnages', volumes), mandate),
  group('Régions étudiées', h('div', { class: 'row ticks' }, definition.regions.map((code) =>
    h('label', { class: 'tick' }, h('input', { type: 'checkbox', name: 'region', value: code, checked: true }), names.get(code) ?? code)))),
  group('Limites (vide : aucune)', h('div', { class: 'row' }, LIMITS.map(([name, text]) => field(text, h('input', { type: 'number', name, min: 0, step: name === 'max_platforms' ? 1 : 'any', value: definition[name] }))))),
  group('Chiffres remplacés', h('p', { class: 'facts' }, 'Une ligne par chiffre : le paramètre, un point-virgule, la valeur. Des lignes du tableau des paramètres, prises dans un tableur, vont aussi.'),
    h('div', { class: 'row' }, field('Paramètre', choice), add), unitOf, field('Lignes', typed)),
  said, go));
}
