// Numbers and words as a French reader expects them.

const nf = (digits, more) => new Intl.NumberFormat('fr-FR', { maximumFractionDigits: digits, minimumFractionDigits: digits, ...more });
const WHOLE = nf(0);
const ONE = nf(1);
const TWO = nf(2);
const PERCENT = nf(1, { style: 'percent' });
const WHOLE_PERCENT = nf(0, { style: 'percent' });
const FINE_PERCENT = nf(2, { style: 'percent' });
const FREE = new Intl.NumberFormat('fr-FR', { maximumSignificantDigits: 4 });
const DATE = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short' });
const NBSP = '\u00a0';
const MINUS = '\u2212';

export const sum = (list) => list.reduce((a, b) => a + b, 0);
const known = (x) => typeof x === 'number' && Number.isFinite(x);
// A rounded zero has no sign, and a minus is a minus sign, not a hyphen.
const signed = (text) => (/^-[0\s,.]*$/.test(text) ? text.slice(1) : text.replace('-', MINUS));
const show = (format, x, unit = '') => (known(x) ? signed(format.format(x)) + (unit && NBSP + unit) : '–');

export const whole = (x, unit) => show(WHOLE, x, unit);
export const kilos = (x) => show(ONE, x, 'kg');
export const tonnes = (x) => whole(x, 't');
export const perYear = (x) => whole(x, 't/an');
export const perTonne = (x) => show(ONE, x, '€/t');
export const km = (x) => whole(x, 'km');
export const free = (x) => show(FREE, x);

// Money: three or so figures that matter, never cents.
export function eur(x) {
  if (!known(x)) return '–';
  const size = Math.abs(x);
  if (size >= 1e9) return show(TWO, x / 1e9, 'Md€');
  if (size >= 1e5) return show(ONE, x / 1e6, 'M€');
  if (size >= 1e3) return show(WHOLE, x / 1e3, 'k€');
  return show(WHOLE, x, '€');
}
export const millions = (x, unit) => show(ONE, known(x) ? x / 1e6 : x, unit);
export const meur = (x) => millions(x, 'M€');
export const change = (text, x) => (known(x) && x > 0 && /[1-9]/.test(text) ? `+${text}` : text);

// How much more or less: « +23 % ».
export const growth = (now, before) => change(show(WHOLE_PERCENT, before ? now / before - 1 : null), now - before);
export const percent = (x) => show(known(x) && Math.abs(x) < 0.01 ? FINE_PERCENT : PERCENT, x);
// A gap is a promise: rounded up, as the command line does; nothing is 0, not -0.
export const gap = (x) => show(FINE_PERCENT, known(x) ? (Math.ceil(x * 1e4 - 1e-7) || 0) / 1e4 : x);
export const share = (x) => (x > 0 && x < 0.005 ? `<${NBSP}1${NBSP}%` : show(WHOLE_PERCENT, x));
export const seconds = (x) => (known(x) && x >= 100 ? `${whole(Math.floor(x / 60), 'min')} ${whole(x % 60, 's')}` : whole(x, 's'));
export const date = (text) => (text && !Number.isNaN(Date.parse(text)) ? DATE.format(new Date(text)) : '–');
// A parameter's figure and unit: rates in per cent, years without a space, pure numbers bare.
const RATE = '1/an';
export const measure = (x, unit) => (unit === RATE ? percent(x) : unit === 'année' ? String(x ?? '–') : free(x));
export const unit = (text) => (text === RATE ? 'par an' : text === '1' ? '' : (text ?? '').replaceAll('EUR', '€').replaceAll('CO2', 'CO₂').replaceAll('m3', 'm³'));

const WORDS = {
  measured: 'mesuré', published: 'publié', assumption: 'hypothèse',
  viable: 'Viable', not_viable: 'Non viable', undecided: 'Indécidé',
  queued: 'en attente', running: 'en cours', done: 'terminé', failed: 'en échec', cancelled: 'annulé',
  no_status_quo: 'Sans comparaison',
  open: 'ouverture', expand: 'extension', shrink: 'réduction', close: 'fermeture',
  platform: 'plateforme', existing: 'usine existante', unlisted: 'usine non recensée', candidate: 'commune candidate',
  estimated: 'estimé',
  gem_froid: 'froid', gem_hors_froid: 'hors froid', ecrans: 'écrans', pam: 'petits appareils', lampes: 'lampes', pv: 'photovoltaïque',
};
// An unknown word is shown as it came: better a foreign word than a hole.
export const word = (code) => WORDS[code] ?? code ?? '–';
