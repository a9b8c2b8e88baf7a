// How things look on the map: colours come from the style sheet, sizes from the figures.
import * as L from '/vendor/leaflet/leaflet.esm.min.js';

export const LARGEST_PX = 22; // radius of the largest platform
const SMALLEST_PX = 4;
const WIDEST_PX = 9;

const NAMES = ['platform', 'existing', 'unlisted', 'candidate', 'point', 'region', 'departement', 'land', 'away', 'paper'];
export function palette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((n) => [n, style.getPropertyValue(`--map-${n}`).trim()]));
}

// Area in proportion to the figure; what is nearly nothing stays visible.
export const radius = (x, most) => Math.max(SMALLEST_PX, LARGEST_PX * Math.sqrt(Math.max(x, 0) / (most || 1)));
export const width = (x, most) => Math.max(0.6, WIDEST_PX * (x / (most || 1)));

// Shapes differ as well as colours: a circle opens, a square exists, a diamond is supposed.
function shaped(trace) {
  return L.CircleMarker.extend({
    _updatePath() {
      const { _renderer: renderer, _point: p } = this;
      if (!renderer._drawing || this._empty()) return;
      renderer._ctx.beginPath();
      trace(renderer._ctx, p, this._radius);
      renderer._ctx.closePath();
      renderer._fillStroke(renderer._ctx, this);
    },
  });
}
export const Square = shaped((c, p, r) => c.rect(p.x - r * 0.89, p.y - r * 0.89, r * 1.78, r * 1.78));
export const Diamond = shaped((c, p, r) => {
  const s = r * 1.25;
  c.moveTo(p.x, p.y - s);
  c.lineTo(p.x + s, p.y);
  c.lineTo(p.x, p.y + s);
  c.lineTo(p.x - s, p.y);
});
