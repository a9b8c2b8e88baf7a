// The form: one load in a few touches. It fills from a template, and corrects a line when given one.
import { h } from '../dom.js';
import { today, weight } from './words.js';

const OTHER = 'other';
const SUGGESTED = 4;
const OPERATIONS = ['R1', 'R3', 'R4', 'R5', 'R12', 'R13', 'D5', 'D10', 'D13', 'D15'];
const MODES = [['REUTILISATION', 'réutilisation'], ['RECYCLAGE', 'recyclage'], ['VALORISATION_ENERGETIQUE', 'valorisation énergétique'], ['ELIMINATION', 'élimination']];

let ids = 0;
function field(label, control, hint) {
  control.id ||= `f${++ids}`;
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, hint && h('p', { class: 'facts' }, hint));
}
const option = (value, text) => h('option', { value }, text);
const input = (more) => h('input', { autocomplete: 'off', ...more });

// Large buttons, one of which is pressed.
function choice(name, legend, list, pressed) {
  return h('fieldset', { class: 'choice' }, h('legend', null, legend),
    list.map(([value, text]) => h('label', null, h('input', { type: 'radio', name, value, checked: value === pressed, required: true }), h('span', null, text))));
}

// `lists` = what GET /api/volumes/form gave. `save(body, label)` keeps a line and resolves when it is on disk.
export function entryForm(lists, save) {
  const points = new Map(lists.points.map((p) => [String(p.id), p]));
  const point = h('select', { required: true }, option('', 'Choisir…'),
    lists.points.map((p) => option(p.id, p.commune && !p.name.includes(p.commune) ? `${p.name}, ${p.commune}` : p.name)), option(OTHER, 'Autre : donner la commune'));
  const commune = input({ inputmode: 'numeric', maxlength: 5, pattern: '[0-9][0-9AB][0-9]{3}', placeholder: '45234' });
  const communeField = field('Code Insee de la commune', commune, 'Cinq caractères ; ce n’est pas toujours le code postal.');
  const flows = choice('flow', 'Flux', lists.flows.map((f) => [f.id, f.label]));
  const code = h('select', { required: true });
  const codeField = field('Code déchet', code);
  const amount = input({ inputmode: 'decimal', required: true, class: 'amount', 'aria-label': 'Poids', id: 'weight' });
  const unit = choice('unit', 'Unité', [['kg', 'kg'], ['t', 'tonnes']], 'kg');
  const sure = choice('sure', 'Ce poids est', [['no', 'pesé'], ['yes', 'estimé']], 'no');
  const when = input({ type: 'date', required: true, max: today(), value: today() });
  const dayButton = (text, back) => h('button', { type: 'button', class: 'quiet', onclick: () => { when.value = today(back); } }, text);
  const details = [
    ['transporter1CompanyOrgId', 'SIRET du transporteur', input({ inputmode: 'numeric', list: 'carriers' })],
    ['reportForCompanySiret', 'SIRET du destinataire', input({ inputmode: 'numeric', list: 'destinations' })],
    ['volume', 'Volume, en m³', input({ inputmode: 'decimal' })],
    ['operationCode', 'Code de traitement', h('select', null, option('', '–'), OPERATIONS.map((o) => option(o, o)))],
    ['operationMode', 'Mode de traitement', h('select', null, option('', '–'), MODES.map(([m, text]) => option(m, text)))],
  ];
  const more = h('details', null, h('summary', null, 'Transporteur, destinataire, traitement'), details.map(([, label, control]) => field(label, control)),
    h('datalist', { id: 'carriers' }, (lists.carriers ?? []).map((c) => option(c.siret, c.name))),
    h('datalist', { id: 'destinations' }, (lists.destinations ?? []).map((c) => option(c.siret, c.name))));
  const again = h('div', { class: 'again' });
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const title = h('h2', null, 'Nouvelle ligne');
  const submitButton = h('button', { class: 'main' }, 'Enregistrer');
  const cancelButton = h('button', { type: 'button', hidden: true, onclick: () => renew() }, 'Ne pas corriger');
  const picked = (set) => set.querySelector('input:checked')?.value;
  const pick = (set, value) => set.querySelectorAll('input').forEach((i) => { i.checked = i.value === value; });
  let corrected = null; // the item that the form corrects

  function showCodes(wanted) {
    const flow = lists.flows.find((f) => f.id === picked(flows));
    code.replaceChildren(...(flow?.codes ?? []).map((c) => option(c.code, `${c.code}${c.is_hazardous ? '*' : ''} ${c.label ?? ''}`)));
    if (wanted && [...code.options].some((o) => o.value === wanted)) code.value = wanted;
    codeField.hidden = code.options.length < 2;
  }
  function showCommune() {
    communeField.hidden = point.value !== OTHER;
    commune.required = point.value === OTHER;
  }

  function read() {
    const kg = weight(amount.value, picked(unit));
    const flow = lists.flows.find((f) => f.id === picked(flows));
    const body = { flow: flow.id, wasteCode: code.value, receptionDate: when.value, weightValue: kg / 1000, weightIsEstimate: picked(sure) === 'yes' };
    if (when.value > today()) throw new Error('La date est dans le futur.');
    if (point.value === OTHER) body.initialEmitterMunicipalitiesInseeCodes = [commune.value.toUpperCase()];
    else body.point = Number(point.value);
    for (const [name, , control] of details) {
      const text = control.value.trim();
      if (!text) continue;
      body[name] = name === 'volume' ? Number(text.replace(',', '.')) : control.inputMode === 'numeric' ? text.replace(/\s/g, '') : text;
      if (name === 'volume' && !(body[name] > 0)) throw new Error('Le volume est un nombre de mètres cubes.');
    }
    return { body, label: { place: points.get(point.value)?.name ?? `Commune ${commune.value}`, flow: flow.label, kg, day: when.value } };
  }

  // Like an earlier line; the weight is to be given anew, and the day is today, unless that very line is corrected.
  function fill(body, item) {
    corrected = item ?? null;
    point.value = body.point ? String(body.point) : OTHER;
    if (point.selectedIndex < 0) point.value = '';
    commune.value = body.initialEmitterMunicipalitiesInseeCodes?.[0] ?? '';
    pick(flows, body.flow);
    showCodes(body.wasteCode);
    showCommune();
    pick(sure, body.weightIsEstimate ? 'yes' : 'no');
    pick(unit, 'kg');
    amount.value = item ? Math.round(body.weightValue * 1000) : '';
    when.value = item ? body.receptionDate : today();
    for (const [name, , control] of details) control.value = body[name] ?? '';
    title.textContent = item ? 'Corriger une ligne' : 'Nouvelle ligne';
    submitButton.textContent = item ? 'Enregistrer la correction' : 'Enregistrer';
    cancelButton.hidden = !item;
    fault.hidden = true;
    form.scrollIntoView({ block: 'start' });
    amount.focus({ preventScroll: true });
  }
  function renew() {
    corrected = null;
    amount.value = '';
    when.max = today();
    title.textContent = 'Nouvelle ligne';
    submitButton.textContent = 'Enregistrer';
    cancelButton.hidden = true;
  }

  // The loads that come back: yesterday's line in one touch.
  function suggest(items) {
    const loads = new Map(items.map((l) => [`${l.label.place} · ${l.label.flow}`, l]));
    again.replaceChildren(...[...loads].reverse().slice(0, SUGGESTED).map(([text, l]) => h('button', { type: 'button', class: 'quiet', onclick: () => fill(l.body) }, text)));
    if (again.hasChildNodes()) again.prepend(h('p', { class: 'facts' }, 'Comme la dernière fois :'));
  }

  async function submit(event) {
    event.preventDefault();
    submitButton.disabled = true; // a second touch is not a second load
    fault.hidden = true;
    try {
      const { body, label } = read();
      await save(body, label, corrected);
      renew();
    } catch (e) {
      fault.textContent = e.message;
      fault.hidden = false;
    } finally {
      submitButton.disabled = false;
    }
  }

  flows.addEventListener('change', () => showCodes());
  point.addEventListener('change', showCommune);
  const form = h('form', { class: 'card entry', onsubmit: submit }, title, again,
    field('Point de collecte', point), communeField, flows, codeField,
    h('div', { class: 'field' }, h('label', { for: 'weight' }, 'Poids'), h('div', { class: 'pair' }, amount, unit)), sure,
    field('Date de réception', when), h('div', { class: 'pair' }, dayButton('Aujourd’hui', 0), dayButton('Hier', 1)),
    more, fault, submitButton, cancelButton);
  showCommune();
  showCodes();
  return { form, fill, suggest };
}
