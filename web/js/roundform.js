// What a planner asks of collection rounds: from which hubs, whose points, which week, with how many vehicles. Loaded with
// the rounds, for those who may plan.
import { boundaries } from './api.js';
import { h, term } from './dom.js';
import { word } from './format.js';

const HUBS_MOST = 32; // as the service has it
const KINDS = ['candidate', 'existing', 'unlisted'];

export const field = (text, input) => h('label', null, h('span', null, text), input);
const number = (name, value, min, max) => h('input', { type: 'number', name, value, min, max, required: true });
const byName = (list, name) => list.sort((a, b) => name(a).localeCompare(name(b), 'fr'));

// Hubs one after another: what the list shows counts too, so that a single one needs no second click. `say` hears the
// codes that count.
function hubPicker({ plan, sites }, names, say) {
  const chosen = new Set();
  const open = plan.platforms;
  const nothing = () => (chosen.size ? 'aucun autre' : open.length > 1 ? `les ${open.length} plateformes de ce plan` : open.length ? `la plateforme de ce plan (${open[0].name})` : 'choisir…');
  const first = h('option', { value: '' });
  const regions = byName([...new Set([...sites.values()].map((s) => s.region))], (code) => names.get(code) ?? code);
  const rank = ([, s]) => KINDS.indexOf(s.kind);
  const option = ([code, s]) => h('option', { value: code }, s.kind === 'candidate' ? s.name : `${s.name} (${word(s.kind)})`);
  const select = h('select', { name: 'hub', id: 'round-hub' }, first, regions.map((code) => h('optgroup', { label: names.get(code) ?? code },
    byName([...sites].filter(([, s]) => s.region === code), ([, s]) => s.name).sort((a, b) => rank(a) - rank(b)).map(option))));
  const list = h('ul', { class: 'hubs', 'aria-label': 'Pôles choisis' });
  const more = h('button', { type: 'button', onclick: () => {
    if (select.value) chosen.add(select.value);
    select.value = '';
    draw();
    select.focus();
  } }, 'Ajouter un autre pôle');
  const remove = (code) => h('button', { type: 'button', class: 'quiet', 'aria-label': `Retirer ${sites.get(code).name}`, onclick: () => {
    chosen.delete(code);
    draw();
    select.focus();
  } }, 'retirer');
  const codes = () => [...new Set([...chosen, select.value].filter(Boolean))];
  function draw() {
    first.textContent = nothing();
    list.replaceChildren(...[...chosen].map((code) => h('li', null, sites.get(code).name, ' ', remove(code))));
    list.hidden = chosen.size === 0;
    more.hidden = !select.value || chosen.size + 1 >= HUBS_MOST;
    say(codes());
  }
  select.addEventListener('change', draw);
  draw();
  return { codes,
    part: h('fieldset', { class: 'hub-choice' }, h('legend', null, 'D’où partent les camions'),
      list, h('div', { class: 'row' }, field(['Depuis ', term('pole', 'le pôle')], select), more)) };
}

// `context`: as rounds.js has it; `ask(body)` gets the body of POST /api/rounds.
export async function form(context, ask) {
  const { plan, parameters, signal } = context;
  const { features } = await boundaries('region', signal).catch(() => ({ features: [] })); // codes do for names
  const names = new Map(features.map((f) => [f.properties.code, f.properties.name]));
  const { first_year: first, years } = plan.horizon;
  const around = (plan.volumes?.regions ?? []).map((r) => [r.region, names.get(r.region) ?? r.name]);
  const everywhere = h('option', { value: '' });
  const hubs = hubPicker(context, names, ({ length }) => {
    everywhere.textContent = length > 1 ? 'les régions de ces pôles' : length ? 'la région de ce pôle' : 'toutes les régions du plan';
  });
  const region = h('select', { name: 'region' }, everywhere, around.map(([code, name]) => h('option', { value: code }, name)));
  const fleet = parameters.filter((p) => /^rounds\.\w+\.count$/.test(p.id));
  return h('form', { class: 'asking round-form', onsubmit: (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const of = (name) => Number(data.get(name));
    const codes = hubs.codes();
    ask({ ...(codes.length ? { hubs: codes } : { run: context.run }), ...(data.get('region') && { regions: [data.get('region')] }), year: of('year'), week: of('week'),
      fleet: Object.fromEntries(fleet.map((p) => [p.id.split('.')[1], of(p.id)])) });
  } },
  hubs.part,
  h('fieldset', null, h('legend', null, 'Quels points, quelle semaine'), h('div', { class: 'row' },
    field('Région des points', region), field('Année', number('year', first, first, first + years - 1)), field('Semaine', number('week', 12, 1, 52)))),
  h('fieldset', null, h('legend', null, 'Camions à chaque pôle'), h('div', { class: 'row' },
    fleet.map((p) => field(p.label.replace(/^Camions par pôle : /, '').replace(/m3/, 'm³'), number(p.id, p.value, 0, 500))))),
  h('p', { class: 'facts' }, 'Avec plusieurs pôles, chaque enlèvement va au plus proche qui prend son flux ; avec les plateformes du plan, à celle que le plan lui donne.'),
  h('button', null, 'Planifier les tournées'));
}
