// The map of rounds: a colour and a number each, a click to see one. Straight lines from stop to stop.
import * as L from '/vendor/leaflet/leaflet.esm.min.js';
import * as api from './api.js';

const MOST_NUMBERS = 30; // on the map at once
const latLng = (s) => [s.lat, s.lon];

export function roundMap(element, plan, colour, pick, signal) {
  const style = getComputedStyle(document.documentElement);
  const ink = (name) => style.getPropertyValue(`--${name}`).trim();
  const map = L.map(element, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, minZoom: 5, maxZoom: 13, zoomAnimation: false });
  L.control.attribution({ prefix: 'Leaflet' }).addAttribution('Limites : Natural Earth').addTo(map);
  L.control.scale({ imperial: false, position: 'topright' }).addTo(map);
  map.on('focus click', () => map.scrollWheelZoom.enable()).on('blur', () => map.scrollWheelZoom.disable());
  const renderer = L.canvas({ padding: 0.3 });
  const ground = L.layerGroup().addTo(map);
  const drawn = L.layerGroup().addTo(map);
  const stops = plan.rounds.flatMap((r) => r.stops);
  const all = [...stops, ...plan.hubs, ...plan.unserved].map(latLng);
  map.fitBounds(L.latLngBounds(all.length ? all : [[43, -1], [50, 6]]).pad(0.05), { animate: false });
  api.boundaries('departement', signal).then((collection) => L.geoJSON(collection, { renderer, interactive: false,
    style: { color: ink('map-region'), weight: 0.7, fillColor: ink('map-land'), fillOpacity: 1 } }).addTo(ground).bringToBack()).catch(() => {});

  const lines = new Map();
  const farthest = (r) => r.stops.reduce((best, s) => (map.distance(latLng(s), latLng(r.stops[0])) > map.distance(latLng(best), latLng(r.stops[0])) ? s : best));
  const circle = (s, radius, line, fill) => L.circleMarker(latLng(s), { renderer, interactive: false, radius, color: line, weight: 1.5, fillColor: fill, fillOpacity: 1 }).addTo(drawn);

  function draw(list) {
    drawn.clearLayers();
    lines.clear();
    for (const r of list) {
      const hue = ink(colour.get(r.id));
      const line = L.polyline(r.stops.map(latLng), { renderer, color: hue, weight: 3, opacity: 0.8 }).on('click', () => pick(r.id)).addTo(drawn);
      line.bindTooltip(`Tournée ${r.id}`, { sticky: true });
      lines.set(r.id, line);
      for (const s of r.stops) if (s.kind === 'pickup') circle(s, 3.5, hue, ink('map-paper'));
      if (list.length <= MOST_NUMBERS) L.marker(latLng(farthest(r)), { keyboard: false, interactive: false, icon: L.divIcon({ className: 'round-number', html: String(r.id), iconSize: null }) }).addTo(drawn);
    }
    for (const u of plan.unserved) circle(u, 5, ink('bad'), ink('map-paper'));
    for (const hub of plan.hubs) circle(hub, 8, ink('map-paper'), ink('platform')).bindTooltip(hub.name);
    element.dataset.rounds = list.length;
  }

  return {
    draw,
    pick(id) {
      for (const [other, line] of lines) line.setStyle({ weight: other === id ? 6 : 2, opacity: other === id ? 1 : 0.3 });
      const line = lines.get(id);
      if (line) map.fitBounds(line.bringToFront().getBounds().pad(0.2), { animate: false });
    },
  };
}
