// The service's answers. A failure is an Error whose message may be shown to the user.

async function request(path, options) {
  let reply;
  try {
    reply = await fetch(path, { headers: { Accept: 'application/json' }, ...options });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Error('Le service ne répond pas. Vérifiez la connexion, puis réessayez.');
  }
  if (reply.ok) return reply;
  const problem = await reply.json().catch(() => ({}));
  const error = new Error(problem.detail ?? problem.title ?? `Le service a refusé la demande (${reply.status}).`);
  error.status = reply.status;
  throw error;
}

export const get = async (path, signal) => (await request(path, { signal })).json();

export const scenarios = async (signal) => (await get('/api/scenarios', signal)).scenarios;
export const run = (id, signal) => get(`/api/runs/${id}`, signal);
export const plan = (id, signal) => get(`/api/runs/${id}/plan`, signal);
export const planMap = (id, year, signal) => get(`/api/runs/${id}/plan.geojson?year=${year}`, signal);
export const parameters = async (signal) => (await get('/api/parameters', signal)).parameters;
export const boundaries = (level, signal) => get(`/api/boundaries?level=${level}`, signal);
export const sites = (signal) => get('/api/sites', signal);
export const cells = (bbox, zoom, signal) => get(`/api/points?bbox=${bbox}&zoom=${zoom}`, signal);

// Points come in pages; a screen never holds more than `most` of them.
export async function points(bbox, most, signal) {
  const features = [];
  let next = `/api/points?bbox=${bbox}&limit=500`;
  while (next && features.length < most) {
    const page = await get(next, signal);
    features.push(...page.features);
    next = page.links?.next;
  }
  return { features, complete: !next };
}

export async function post(path, body = {}) {
  const reply = await request(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return Number(reply.headers.get('Location').split('/').pop());
}

export const startRun = (scenario) => post(`/api/scenarios/${scenario}/runs`);
export const startStudy = (id) => post(`/api/runs/${id}/studies`);
export const stop = (id) => request(`/api/runs/${id}/cancel`, { method: 'POST' }); // takes no body
export const found = (id, part, signal) => get(`/api/runs/${id}/${part}`, signal);
export const ended = (run) => ['done', 'failed', 'cancelled'].includes(run.state);
