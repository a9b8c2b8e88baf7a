// Keeps the entry page at hand where there is no signal: its files, and nothing else. Lines to send are the page's
// own affair (js/saisie/queue.js); the service's answers are never kept here.
//
// The network comes first, so that an update is seen at once and files of two versions never mix for long; what it
// gave is kept for when it is slow or silent.
const CACHE = 'saisie';
const FILES = ['/saisie', '/saisie.webmanifest', '/favicon.svg', '/css/page.css', '/css/saisie.css', '/js/dom.js', '/js/saisie/main.js',
  '/js/saisie/queue.js', '/js/saisie/send.js', '/js/saisie/entry.js', '/js/saisie/lines.js', '/js/saisie/account.js', '/js/saisie/words.js'];
const PATIENCE_MS = 3000;

self.addEventListener('install', (event) => event.waitUntil(
  caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function answer(path, request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  const fresh = fetch(request).then(async (reply) => {
    if (reply.ok) await cache.put(path, reply.clone());
    return reply;
  });
  if (!kept) return fresh;
  const late = new Promise((ok) => setTimeout(ok, PATIENCE_MS, kept));
  return Promise.race([fresh.then((reply) => (reply.ok ? reply : kept), () => kept), late]);
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === 'GET' && url.origin === location.origin && FILES.includes(url.pathname))
    event.respondWith(answer(url.pathname, event.request));
});
