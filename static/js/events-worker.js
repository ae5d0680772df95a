// One event stream for all tabs of a browser (HTTP/1.1 allows six connections a host).
// Tabs say which topics they want, and since when; the worker listens to the union of
// them. EventSource resumes by Last-Event-ID on its own; when the union changes, the
// stream begins again where the first of the new topics wants it, and each tab is told
// only what it has not heard.
const RECENT = 200; // kept for tabs that join a stream that is open already
const wishes = new Map(); // port -> Map of topic to the id of the last event told
const recent = []; // { id, topic, text }
let source = null;
let listening = new Set();
let address = "";
let lastId = "";
let waiting = 0;
let patience = 5000; // between attempts after a refusal, doubled each time

onconnect = (connection) => {
  const port = connection.ports[0];
  wishes.set(port, new Map());
  port.onmessage = ({ data }) => {
    if (data.leave) wishes.delete(port);
    else wish(port, data);
    clearTimeout(waiting);
    waiting = setTimeout(listen, 50);
  };
  port.start();
};

function wish(port, { address: where, topics, since }) {
  const before = wishes.get(port) || new Map();
  address = where;
  wishes.set(port, new Map(topics.map((topic) => [topic, before.get(topic) || since])));
  for (const event of recent) if (!before.has(event.topic)) tell(port, event);
}

function listen() {
  const topics = new Set([...wishes.values()].flatMap((wanted) => [...wanted.keys()]));
  const isSame = topics.size === listening.size && [...topics].every((topic) => listening.has(topic));
  if (isSame && source?.readyState !== 2) return;
  const last_event_id = beginning();
  source?.close();
  source = null;
  listening = topics;
  if (!topics.size) return;
  const query = new URLSearchParams({ topics: [...topics].sort().join(","), last_event_id });
  source = new EventSource(`${address}?${query}`);
  source.onmessage = hear;
  source.onopen = () => {
    patience = 5000;
    tellAll({ stream: "open" });
  };
  source.onerror = () => {
    tellAll({ stream: "lost" });
    if (source?.readyState !== 2) return; // it tries again by itself
    clearTimeout(waiting);
    waiting = setTimeout(listen, patience);
    patience = Math.min(patience * 2, 300_000);
  };
}

function tellAll(news) {
  for (const port of wishes.keys()) port.postMessage(news);
}

// Where the stream must begin so that no tab misses anything of a topic that is new.
function beginning() {
  let first = lastId;
  for (const wanted of wishes.values()) {
    for (const [topic, place] of wanted) {
      if (!listening.has(topic) && (!first || isBefore(place, first))) first = place;
    }
  }
  return first;
}

function hear({ data: text, lastEventId }) {
  const event = { id: lastEventId, topic: JSON.parse(text).topic, text };
  if (!lastId || isBefore(lastId, lastEventId)) lastId = lastEventId;
  recent.push(event);
  if (recent.length > RECENT) recent.shift();
  for (const port of wishes.keys()) tell(port, event);
}

// How a topic stands comes under the id of the event before it: told once more, not lost.
function tell(port, { id, topic, text }) {
  const wanted = wishes.get(port);
  if (!wanted.has(topic) || isBefore(id, wanted.get(topic))) return;
  wanted.set(topic, id);
  port.postMessage(text);
}

function isBefore(one, other) {
  const [moment, number] = one.split("-").map(Number);
  const [otherMoment, otherNumber] = other.split("-").map(Number);
  return moment < otherMoment || (moment === otherMoment && number < otherNumber);
}
