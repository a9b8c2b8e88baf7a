// Elements from data. Text only ever becomes text nodes: nothing here parses HTML.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c != null && c !== false));
  return node;
}

export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
// A style sheet that comes with what needs it.
export const sheetOf = (name) => document.querySelector(`link[href="/css/${name}.css"]`) ?? document.head.append(h('link', { rel: 'stylesheet', href: `/css/${name}.css` }));

export const byId = (id) => document.getElementById(id);

// A link into the glossary; glossary.js gives it its tooltip.
export const term = (id, text) => h('a', { class: 'term', href: `#g-${id}` }, text);
