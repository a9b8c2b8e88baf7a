// Serves web/ and the fixtures as the service would, on one port: `node serve.mjs [PORT]`.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as world from './fixtures/world.mjs';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));
const LEAFLET = process.env.LEAFLET ?? '/usr/share/javascript/leaflet';
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png' };
const HEADERS = {
  'Content-Security-Policy': "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer',
};
const RUN_MS = Number(process.env.RUN_MS ?? 4000);

function newState() {
  const runs = new Map();
  const last = new Map();
  const studies = new Map([[1, { id: 90, studied: 1, state: 'done' }]]); // of a run, by the run's number
  for (const s of world.SCENARIOS) {
    if (!s.answer) continue;
    const failed = s.answer === 'failed';
    runs.set(s.id, { id: s.id, scenario: s.id, state: failed ? 'failed' : 'done', answer: failed ? null : s.answer,
      error: failed ? 'Le réseau est infaisable : 12 400 t de « lampes » n’ont aucune usine en 2029.' : null, started: Date.now() - 90e3 });
    last.set(s.id, s.id);
  }
  const rounds = new Map([[300, { id: 300, state: 'done', asked: { hubs: ['C-45234'], year: 2027, week: 12 } }]]);
  return { runs, last, studies, rounds, scenarios: world.SCENARIOS.slice(), visitor: 'planner', isConnected: false };
}

function runView(run) {
  const seconds = (Date.now() - run.started) / 1000;
  if (run.live) {
    const part = (Date.now() - run.started) / RUN_MS;
    run.state = part < 0.15 ? 'queued' : part < 1 ? 'running' : 'done';
    run.answer = run.state === 'done' ? 'viable' : null;
  }
  const close = 0.14 * Math.exp(-seconds / (RUN_MS / 3500));
  const running = run.state === 'running';
  return {
    id: run.id, scenario: run.scenario, version: 1, state: run.state, answer: run.answer, error: run.error ?? null, sentence: null,
    progress: running ? { stage: 'optimisation', cost_eur: 6.06e8 * (1 + close / 2), bound_eur: 6.04e8 * (1 - close), gap: 0.003 + close, seconds } : null,
    created_at: '2026-11-02T09:12:00Z', started_at: '2026-11-02T09:12:01Z', finished_at: run.state === 'done' ? '2026-11-02T09:12:42Z' : null,
  };
}

const poison = (text) => text.replaceAll('Triade Électronique', '=HYPERLINK(\\"http://evil.example\\")<img src=x onerror=alert(1)>');

// One account. A visitor may plan, as on one's own machine, unless a test says otherwise.
const CLAIRE = { person: { id: 1, name: 'Claire', login: 'claire', role: 'planner' }, organisation: { id: 1, name: 'Syndicat', kind: 'authority' }, role: 'planner' };
function session(state, method, sent) {
  if (method === 'DELETE') {
    state.isConnected = false;
    return { status: 204 };
  }
  if (method === 'POST') {
    if (sent.password !== 'le bon mot de passe') return { status: 401, detail: 'Identifiant ou mot de passe incorrect.' };
    state.isConnected = true;
    return { status: 201, body: CLAIRE };
  }
  return { body: state.isConnected ? CLAIRE : { person: null, organisation: null, role: state.visitor } };
}

function api(state, method, url, sent) {
  const path = url.pathname;
  const q = url.searchParams;
  const lastRun = (s) => {
    const run = state.runs.get(state.last.get(s.id));
    return run ? { id: run.id, state: runView(run).state, answer: run.answer } : null;
  };
  // A study is done a while after it was asked for.
  const studyView = (s) => s && { ...s, state: s.state === 'running' && Date.now() - s.started > RUN_MS ? 'done' : s.state };
  const studyOf = (id) => studyView(state.studies.get(id));
  const studyWith = (id) => studyView([...state.studies.values()].find((s) => s.id === id));
  const view = ({ answer, ...s }) => ({ ...s, last_run: lastRun(s) });
  let m;
  if (path === '/api/session') return session(state, method, sent);
  if (path === '/api/health') return { body: { status: 'ok', version: 'fixture', schema: 1, database: 'fixture' } };
  if (path === '/api/scenarios' && method === 'POST') {
    const wrong = Object.entries(sent.definition.parameters ?? {}).filter(([, value]) => Math.abs(value) > 1e6);
    if (wrong.length) return { status: 422, detail: wrong.map(([id, value]) => `Le paramètre « ${id} » (${id}, en euros) doit être un nombre de -0,5 à 1,5 ; ${value} est refusé.`).join(' ') };
    const made = { ...state.scenarios[1], id: 50 + state.scenarios.length, code: 'copie', name: sent.name, rounds: sent.definition.rounds, definition: sent.definition };
    state.scenarios.push(made);
    return { status: 201, headers: { Location: `/api/scenarios/${made.id}` }, body: { id: made.id } };
  }
  if (path === '/api/scenarios') return { body: { scenarios: state.scenarios.map(view) } };
  if ((m = /^\/api\/scenarios\/(\d+)$/.exec(path))) {
    const found = state.scenarios.find((s) => s.id === Number(m[1]));
    return { body: { ...view(found), definition: found.definition ?? { regions: ['24'], parameters: {}, candidates: 'default' } } };
  }
  // Rounds are done a while after they were asked for.
  const roundsView = (r) => ({ ...r, state: r.state === 'running' && Date.now() - r.started > RUN_MS ? 'done' : r.state,
    progress: r.state === 'running' ? { stage: 'tournées', cost_eur: 1234, bound_eur: 0, gap: 1, seconds: 1 } : null, sentence: null, error: null });
  if (path === '/api/rounds' && method === 'POST') {
    const id = 300 + state.rounds.size;
    state.rounds.set(id, { id, state: 'running', started: Date.now(), asked: { hubs: ['C-45234'], ...sent } });
    return { status: 202, headers: { Location: `/api/rounds/${id}` }, body: { id } };
  }
  if (path === '/api/rounds') return { body: { rounds: [...state.rounds.values()].map(roundsView).reverse() } };
  if ((m = /^\/api\/rounds\/(\d+)(\/plan)?$/.exec(path))) {
    const found = state.rounds.get(Number(m[1]));
    return found ? { body: m[2] ? world.rounds(found.asked.hubs) : roundsView(found) } : { status: 404 };
  }
  if ((m = /^\/api\/scenarios\/(\d+)\/runs$/.exec(path)) && method === 'POST') {
    const id = 100 + state.runs.size;
    state.runs.set(id, { id, scenario: Number(m[1]), state: 'queued', answer: null, started: Date.now(), live: true });
    state.last.set(Number(m[1]), id);
    return { status: 202, headers: { Location: `/api/runs/${id}` }, body: { id } };
  }
  if ((m = /^\/api\/runs\/(\d+)\/studies$/.exec(path)) && method === 'POST') {
    const id = 200 + state.studies.size;
    state.studies.set(Number(m[1]), { id, studied: Number(m[1]), state: 'running', started: Date.now() });
    return { status: 202, headers: { Location: `/api/runs/${id}` }, body: { id } };
  }
  if ((m = /^\/api\/runs\/(\d+)\/cancel$/.exec(path)) && method === 'POST') {
    if (sent) return { status: 413, detail: 'Cette adresse n’attend pas de corps de requête.' };
    if (state.rounds.has(Number(m[1]))) {
      state.rounds.get(Number(m[1])).state = 'cancelled';
      return { status: 202, headers: { Location: `/api/runs/${m[1]}` }, body: { id: Number(m[1]), state: 'cancelled' } };
    }
    const study = studyWith(Number(m[1]));
    if (!study) return { status: 404 };
    state.studies.delete(study.studied);
    return { status: 202, headers: { Location: `/api/runs/${study.id}` }, body: { id: study.id, state: 'cancelled' } };
  }
  if ((m = /^\/api\/runs\/(\d+)\/(tipping|tornado|draws|sharing)$/.exec(path))) {
    const study = studyOf(Number(m[1]));
    return study?.state === 'done' ? { body: { ...world.STUDY[m[2]], run: study.studied, study: study.id } } : { status: 404 };
  }
  if ((m = /^\/api\/runs\/(\d+)(\/plan(\.geojson)?)?$/.exec(path))) {
    const working = studyWith(Number(m[1]));
    if (working) return { body: { ...working, kind: 'study', progress: { stage: 'tirages : 12 sur 500', seconds: 3 } } };
    const run = state.runs.get(Number(m[1]));
    if (!run) return { status: 404 };
    const now = { ...runView(run), kind: 'plan', study: studyOf(run.id) ?? null };
    if (!m[2]) return { body: now };
    if (now.state !== 'done') return { status: 404 };
    const scenario = state.scenarios.find((s) => s.id === run.scenario);
    const body = m[3] ? world.planMap(now.answer, Number(q.get('year'))) : world.plan(run.id, scenario, now.answer);
    return { body, poison: scenario.code === 'hostile' };
  }
  if (path === '/api/points') {
    const bbox = (q.get('bbox') ?? '-6,41,10,52').split(',').map(Number);
    if (q.has('zoom') && Number(q.get('zoom')) < 9) return { body: world.cellsIn(bbox, Number(q.get('zoom'))) };
    const { page, last } = world.pointsIn(bbox, Number(q.get('after') ?? 0), Number(q.get('limit') ?? 500));
    const next = last && `/api/points?bbox=${bbox}&limit=${q.get('limit') ?? 500}&after=${last}`;
    return { body: { ...page, links: next ? { next } : {} } };
  }
  if (path === '/api/statistics') return { body: world.STATISTICS };
  if (path === '/api/coverage') return { body: world.coverage(q.get('level'), state.isConnected) };
  if (path === '/api/anomalies') return state.isConnected ? { body: world.ANOMALIES } : { status: 401 };
  if (path === '/api/sites') return { body: world.sites() };
  if (path === '/api/parameters') return { body: world.parameters() };
  if (path === '/api/boundaries') return { body: world.boundaries(q.get('level')) };
  return { status: 404 };
}

async function asset(path) {
  const vendor = '/vendor/leaflet/';
  const clean = normalize(path === '/' ? '/index.html' : extname(path) ? path : `${path}.html`);
  const file = clean.startsWith(vendor) ? join(LEAFLET, clean.slice(vendor.length)) : join(WEB, clean);
  return { type: TYPES[extname(file)] ?? 'application/octet-stream', body: await readFile(file) };
}

// `faults` lets a test break a path: { '/api/scenarios': 503 }.
export async function serve(port = 0) {
  let state = newState();
  const faults = {};
  const server = createServer(async (request, reply) => {
    const url = new URL(request.url, 'http://localhost');
    const send = (status, type, body, more = {}) => {
      const packed = gzipSync(body);
      reply.writeHead(status, { ...HEADERS, 'Content-Type': type, 'Content-Encoding': 'gzip', ...more }).end(packed);
    };
    if (url.pathname.startsWith('/api/')) {
      const fault = faults[url.pathname];
      let typed = '';
      for await (const bytes of request) typed += bytes;
      const { status = 200, headers, body, poison: bad, detail } = fault ? { status: fault } : api(state, request.method, url, typed && JSON.parse(typed));
      if (status >= 400) {
        return send(status, 'application/problem+json', JSON.stringify({ type: 'about:blank', title: 'erreur', status,
          detail: detail ?? (status === 404 ? 'Cette ressource n’existe pas.' : 'La base de données ne répond pas.'), instance: url.pathname }));
      }
      if (status === 204) return reply.writeHead(204, HEADERS).end();
      const text = JSON.stringify(body);
      return send(status, 'application/json', bad ? poison(text) : text, headers);
    }
    try {
      const { type, body } = await asset(url.pathname);
      send(200, type, body);
    } catch {
      send(404, 'text/plain; charset=utf-8', 'introuvable');
    }
  });
  await new Promise((ok) => server.listen(port, '127.0.0.1', ok));
  return { url: `http://127.0.0.1:${server.address().port}`, faults, visitor: (role) => { state.visitor = role; }, reset: () => { state = newState(); }, close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve(Number(process.argv[2] ?? 8090));
  console.log(url);
}
