// What happens elsewhere, told to this page. An element with data-topics="job:1,studies:2"
// hears "anji:event" (detail: {topic, event, ...}) whenever one of its topics speaks, so
// `hx-get="..." hx-trigger="anji:event throttle:500ms"` keeps a part of a page live.
// All tabs share one stream: a SharedWorker where the browser has one, else the tab that
// holds a lock listens and tells the others over a BroadcastChannel. Each page asks for
// what happened since the server began to make it, so nothing falls in between.
// The document hears "anji:stream" (detail: open or lost) as the stream comes and goes; a
// page whose topics change dispatches "anji:topics" on it.
const { events: address, eventsWorker, eventsSince: since, person } = document.body.dataset;
const topicsOf = (element) => element.dataset.topics.split(/[\s,]+/).filter(Boolean);
const wanted = () => [...new Set([...document.querySelectorAll("[data-topics]")].flatMap(topicsOf))].sort();

function hear(text) {
  const { topic, event, ...data } = JSON.parse(text);
  const message = { topic, event, data };
  for (const element of document.querySelectorAll("[data-topics]")) {
    if (topicsOf(element).includes(message.topic)) {
      element.dispatchEvent(new CustomEvent("anji:event", { detail: message, bubbles: false }));
    }
  }
  if (message.topic === `jobs:${person}`) noticeJob(message);
}

function tellStream(detail) {
  document.dispatchEvent(new CustomEvent("anji:stream", { detail }));
}

function shareByWorker() {
  const { port } = new SharedWorker(eventsWorker, { name: "anji-events" });
  port.onmessage = ({ data }) => (data.stream ? tellStream(data.stream) : hear(data));
  port.start();
  addEventListener("pagehide", () => port.postMessage({ leave: true }));
  let asked = null;
  const ask = () => {
    const topics = wanted();
    if (topics.join() === asked) return;
    asked = topics.join();
    port.postMessage({ address: new URL(address, location).href, topics, since });
  };
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    asked = null; // it left when the page was put away
    ask();
  });
  return ask;
}

// A tab that joins has the listener begin again at that tab's own page; the others may
// hear some news twice, which only has them look again.
function shareByChannel() {
  const channel = new BroadcastChannel("anji-events");
  const others = new Map(); // tab -> topics
  const me = crypto.randomUUID();
  let source = null;
  let listening = "";
  let leader = false;
  const streamIs = (stream) => {
    channel.postMessage({ stream });
    tellStream(stream);
  };
  const listen = (place) => {
    const topics = [...new Set([...wanted(), ...[...others.values()].flat()])].sort().join(",");
    if (!leader || (topics === listening && !place)) return;
    source?.close();
    listening = topics;
    source = topics ? new EventSource(`${address}?${new URLSearchParams({ topics, last_event_id: place || since })}`) : null;
    if (!source) return;
    source.onmessage = ({ data }) => {
      channel.postMessage({ data });
      hear(data);
    };
    source.onopen = () => streamIs("open");
    source.onerror = () => streamIs("lost");
  };
  channel.onmessage = ({ data }) => {
    if (data.stream) return tellStream(data.stream);
    if (data.data) hear(data.data);
    if (data.topics) others.set(data.tab, data.topics);
    if (data.leave) others.delete(data.tab);
    if (data.who) channel.postMessage({ tab: me, topics: wanted(), since });
    listen(data.since);
  };
  navigator.locks?.request("anji-events", () => {
    leader = true;
    channel.postMessage({ who: true });
    listen(since);
    return new Promise(() => {}); // kept until the tab closes
  });
  addEventListener("pagehide", () => channel.postMessage({ tab: me, leave: true }));
  return () => {
    channel.postMessage({ tab: me, topics: wanted(), since });
    listen();
  };
}

// A job of one's own has ended while one was elsewhere: say so, and lead to it.
function noticeJob({ id, state }) {
  count();
  const toasts = document.querySelector("[data-toasts]");
  const words = toasts?.dataset[state];
  if (!words || location.pathname.includes(id) || document.querySelector(`[data-topics~="job:${id}"]`)) return;
  const toast = document.createElement("div");
  toast.className = "notice";
  toast.dataset.tone = { succeeded: "success", failed: "danger" }[state] || "info";
  const text = document.createElement("p");
  text.className = "notice-body";
  text.textContent = words;
  const link = document.createElement("a");
  link.className = "button";
  link.href = `${toasts.dataset.jobUrl}${id}/`;
  link.textContent = toasts.dataset.open;
  toast.append(text, link);
  toasts.append(toast);
  setTimeout(() => toast.remove(), 12000);
}

// How many jobs are under way, in the bar.
async function count() {
  const badge = document.querySelector("[data-jobs-count]");
  const url = badge?.dataset.jobsCount;
  if (!url) return;
  const answer = await fetch(url, { headers: { Accept: "application/json", "X-Background": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const { count: number } = await answer.json();
  badge.textContent = number;
  badge.hidden = !number;
}

if (address) {
  const ask = window.SharedWorker ? shareByWorker() : shareByChannel();
  ask();
  document.addEventListener("htmx:afterSettle", ask);
  document.addEventListener("anji:topics", ask);
  count();
}

// What a page asks by itself keeps no abandoned workstation unlocked.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.triggeringEvent?.type === "anji:event") detail.headers["X-Background"] = "1";
});
