// Weights, days and words of the entry page.

const WEIGHT = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 0 });
const DAY = new Intl.DateTimeFormat('fr-FR', { weekday: 'short', day: 'numeric', month: 'short' });
const HOUR = new Intl.DateTimeFormat('fr-FR', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const MOST_KG = 40000; // a load by road

export const kilos = (kg) => `${WEIGHT.format(kg)}\u00a0kg`;
export const moment = (text) => HOUR.format(new Date(text));
export const day = (text) => DAY.format(new Date(`${text}T12:00`));

// Calendar days where the phone is: « today » in the yard, not in Greenwich.
export function today(back = 0) {
  const d = new Date();
  d.setDate(d.getDate() - back);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
}

// What was typed, in kg or t with a comma or a point, as whole kilograms. Throws what to say to the person.
export function weight(text, unit) {
  const figure = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(figure)) throw new Error('Le poids est un nombre, par exemple 850 ou 1,25.');
  const kg = Number(figure) * (unit === 't' ? 1000 : 1);
  if (Math.abs(kg - Math.round(kg)) > 1e-6) throw new Error('Le poids se donne au kilogramme près.');
  if (!(kg > 0)) throw new Error('Le poids doit être plus grand que zéro.');
  if (kg > MOST_KG) throw new Error('Un camion ne porte pas plus de 40 tonnes : vérifiez le poids et son unité.');
  return Math.round(kg);
}

export const VERDICTS = { created: 'enregistrée', unchanged: 'déjà enregistrée', edited: 'corrigée', cancelled: 'annulée' };
