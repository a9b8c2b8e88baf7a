// What the charts share: a frame that is redrawn to the width it is given, scales, ticks.
import { h, svg } from './dom.js';

// `draw(width)` gives an <svg>; called again when the width changes, so that text keeps its size.
export function chart(title, draw) {
  const box = h('figure', { class: 'chart' });
  let drawn = 0;
  const paint = () => {
    const width = Math.floor(box.clientWidth);
    if (width < 1 || width === drawn) return;
    drawn = width;
    const picture = draw(width);
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', title);
    box.replaceChildren(picture);
  };
  new ResizeObserver(paint).observe(box);
  return box;
}

export const frame = (width, height) =>
  svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, focusable: 'false' });

export const scale = (from, to, low, high) => (x) => low + ((x - from) / (to - from || 1)) * (high - low);

// Round steps of 1, 2 or 5 times a power of ten, about `count` of them, covering [low, high].
export function ticks(low, high, count) {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

export const label = (x, y, text, more) => svg('text', { x, y, ...more }, text);
export const rect = (x, y, width, height, more) => svg('rect', { x, y, width: Math.max(width, 0), height: Math.max(height, 0), ...more });
export const line = (x1, y1, x2, y2, more) => svg('line', { x1, y1, x2, y2, ...more });

export const key = (entries) =>
  h('p', { class: 'key' }, entries.map(([name, text]) => h('span', null, h('i', { class: `swatch ${name}` }), text)));
