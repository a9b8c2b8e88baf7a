// Lines on this phone, in IndexedDB, in the order they were made. What add() resolved for is on disk.
//
// An item: { seq, account, key, body, label, state, tried, verdict, reason, saved, sent }
//	account	person it belongs to: never sent by another
//	key	Idempotency-Key: the service does the same request once, however often it comes
//	body	the line as POST /api/volumes takes it (its publicId is made here)
//	state	queued, sent or refused; tried: it has left once, so the service may know it

const KEEP_DAYS = 30; // sent lines stay to be looked at, corrected and taken as a template

const done = (request) => new Promise((ok, no) => {
  request.onsuccess = () => ok(request.result);
  request.onerror = () => no(request.error);
});

const opened = new Promise((ok, no) => {
  const request = indexedDB.open('recircuit-saisie', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('lines', { keyPath: 'seq', autoIncrement: true });
    request.result.createObjectStore('notes');
  };
  request.onsuccess = () => ok(request.result);
  request.onerror = () => no(new Error('Ce navigateur refuse de garder des données : la saisie hors ligne n’est pas possible (navigation privée ?).'));
});

// One transaction on one store, over when it is on disk.
async function within(store, mode, work) {
  const transaction = (await opened).transaction(store, mode, { durability: 'strict' });
  const end = new Promise((ok, no) => {
    transaction.oncomplete = ok;
    transaction.onabort = () => no(transaction.error ?? new Error('La ligne n’a pas pu être gardée : la mémoire du téléphone est peut-être pleine.'));
  });
  const result = await done(work(transaction.objectStore(store)));
  await end;
  return result;
}

export const add = (item) => within('lines', 'readwrite', (lines) => lines.add(item));
export const remove = (seq) => within('lines', 'readwrite', (lines) => lines.delete(seq));
export const all = () => within('lines', 'readonly', (lines) => lines.getAll());

// Reads and writes in one step, so that what sends and what corrects never overwrite each other: `edit` makes the new item of
// the one that is there. Resolves to it.
export async function change(seq, edit) {
  let item;
  await within('lines', 'readwrite', (lines) => {
    const request = lines.get(seq);
    request.addEventListener('success', () => {
      item = request.result && edit(request.result);
      if (item) lines.put(item);
    });
    return request;
  });
  return item;
}

export async function prune() {
  const old = new Date(Date.now() - KEEP_DAYS * 864e5).toISOString();
  for (const item of await all()) if (item.state === 'sent' && item.sent < old) await remove(item.seq);
}

// What the page must know with no signal: who is connected, and the form's lists.
export const note = (name) => within('notes', 'readonly', (notes) => notes.get(name));
export const setNote = (name, value) => within('notes', 'readwrite', (notes) => (value === undefined ? notes.delete(name) : notes.put(value, name)));
