// Sends the lines that wait, one by one and in order, until the service has said what became of each.
//
//	const sender = makeSender({ account, changed, halted });
//	sender.kick()		something may have changed: try now
//
// A line leaves the queue only by an answer about it. No answer, or one about the service rather than the line: it stays and is
// tried again, with the same key, so that the service does it once.
import * as queue from './queue.js';

const AGAIN_MS = [2e3, 5e3, 15e3, 60e3, 300e3];
const ANSWER_MS = 30e3;

// What an answer means for the line: { state } when it is decided, else { wait: why }.
async function read(reply) {
  const body = await reply.json().catch(() => ({}));
  if (reply.ok && body.verdict) return { state: 'sent', verdict: body.verdict, reason: body.reason || null };
  if (reply.status === 401) return { wait: 'login' };
  if (reply.status === 403) return { wait: 'right', text: body.detail };
  if ([400, 413, 415, 422].includes(reply.status)) return { state: 'refused', verdict: 'rejected', reason: body.detail ?? 'Le service a refusé cette ligne.' };
  return { wait: 'service', seconds: Number(reply.headers.get('Retry-After')) || 0 };
}

async function post(item) {
  try {
    return await read(await fetch('/api/volumes', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Idempotency-Key': item.key },
      body: JSON.stringify(item.body),
      signal: AbortSignal.timeout(ANSWER_MS),
    }));
  } catch {
    return { wait: 'network' };
  }
}

export function makeSender({ account, changed, halted }) {
  let failures = 0;
  let timer = null;
  let again = false;

  async function drain() {
    for (;;) {
      const next = (await queue.all()).find((l) => l.state === 'queued' && l.account === account());
      if (!next) return null;
      if (!navigator.onLine) return { wait: 'network' }; // and the service surely does not know it yet
      // From here on the service may know it: a correction is a line of its own.
      const item = await queue.change(next.seq, (l) => ({ ...l, tried: true }));
      if (!item) continue; // taken back meanwhile
      const { state, verdict, reason, ...stop } = await post(item);
      if (!state) return stop;
      await queue.change(item.seq, (l) => ({ ...l, state, verdict, reason, sent: new Date().toISOString() }));
      failures = 0;
      await changed();
    }
  }

  // One tab at a time: two would only send twice what the service does once.
  async function kick() {
    clearTimeout(timer);
    again = true;
    await navigator.locks.request('recircuit-saisie-send', { ifAvailable: true }, async (lock) => {
      while (lock && again) {
        again = false;
        const stop = await drain();
        halted(stop);
        if (stop?.wait === 'network' || stop?.wait === 'service') {
          const pause = AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)];
          timer = setTimeout(kick, Math.max(pause, 1e3 * (stop.seconds ?? 0)));
        }
      }
    });
  }
  return { kick };
}
