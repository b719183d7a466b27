/**
 * The service worker: the app's files come from the device, so that it starts at once and without a network.
 * Only files of the build are kept, under the build's own name; the interface and the session are never touched.
 */
export {};
declare const self: ServiceWorkerGlobalScope;

// Both are put in when the app is built: see vite.config.ts.
const BUILD = "lumbung-" + "__BUILD__";
const FILES: string[] = JSON.parse("__FILES__");
const OURS = new Set(FILES);
const NOT_PAGES = /^\/(v1|session|oauth2|logout|dev|\.well-known)(\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name: string) => /^lumbung-[0-9a-f]{16}$/.test(name) && name !== BUILD;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || NOT_PAGES.test(pathname)) return;
  const file = OURS.has(pathname) ? pathname : request.mode === "navigate" ? "/" : null;
  if (file) event.respondWith(kept(file, request));
});

async function kept(file: string, request: Request): Promise<Response> {
  return (await (await caches.open(BUILD)).match(file)) ?? fetch(request);
}
