// Keeps the chat's shell and the page for when the network is away; no talk, ever. A change
// of a file or of the language changes this text, and the browser takes it anew.
const STYLE = "{{ style|escapejs }}";
const OFFLINE = "{{ offline|escapejs }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}STYLE];
const CACHE = `anji-chat ${STYLE} ${OFFLINE}`;

async function keep() {
  const cache = await caches.open(CACHE);
  const style = await (await fetch(STYLE)).text();
  const sheets = [...style.matchAll(/@import url\(["']?([^"')]+)/g)].map(([, path]) => new URL(path, new URL(STYLE, location.href)).pathname);
  await cache.addAll([...FILES, ...sheets]);
  await cache.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit" })); // nobody's name in it
}

async function forget() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("anji-chat ") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function answer(request) {
  if (request.mode === "navigate") return fetch(request).catch(() => caches.match(OFFLINE));
  return (await caches.match(request)) || fetch(request);
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});
addEventListener("activate", (event) => event.waitUntil(forget()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const isShell = request.method === "GET" && new URL(request.url).pathname.startsWith(new URL(STYLE, location.href).pathname.split("css/")[0]);
  if (request.mode === "navigate" || isShell) event.respondWith(answer(request));
});
