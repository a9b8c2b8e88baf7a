// Tooltips of the glossary's terms. The definitions are the page's own <dl>, written once.
import { byId, h } from './dom.js';

const definition = (link) => {
  const dt = byId(decodeURIComponent(new URL(link.href).hash.slice(1)));
  return dt && [dt.textContent, dt.nextElementSibling.textContent];
};

function place(tip, link) {
  const box = link.getBoundingClientRect();
  const width = tip.offsetWidth;
  const left = Math.min(Math.max(8, box.left), document.documentElement.clientWidth - width - 8);
  const below = box.bottom + tip.offsetHeight + 12 < innerHeight;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(below ? box.bottom + 6 : box.top - tip.offsetHeight - 6) + scrollY}px`;
}

export function glossary(root) {
  const tip = h('div', { id: 'tip', class: 'tip', role: 'tooltip', hidden: true });
  root.append(tip);
  let owner = null;

  const hide = () => {
    owner?.removeAttribute('aria-describedby');
    owner = null;
    tip.hidden = true;
  };
  const show = (link) => {
    const found = definition(link);
    if (!found) return;
    hide();
    owner = link;
    tip.replaceChildren(h('strong', null, found[0]), ` : ${found[1]}`);
    tip.hidden = false;
    link.setAttribute('aria-describedby', 'tip');
    place(tip, link);
  };
  const termOf = (event) => event.target.closest?.('a.term');

  root.addEventListener('mouseover', (e) => (termOf(e) ? show(termOf(e)) : tip.contains(e.target) || hide()));
  root.addEventListener('focusin', (e) => (termOf(e) ? show(termOf(e)) : hide()));
  root.addEventListener('keydown', (e) => e.key === 'Escape' && hide());
}
