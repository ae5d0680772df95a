// One event stream for all tabs of a browser (HTTP/1.1 allows six connections a host).
// Tabs say which topics they want; the worker listens to the union of them and tells
// every tab what came. EventSource resumes by Last-Event-ID on its own; when the union
// changes, the last id goes along in the address.
const wishes = new Map(); // port -> Set of topics
let source = null;
let listening = "";
let address = "";
let lastId = "";
let waiting = 0;
let patience = 5000; // between attempts after a refusal, doubled each time

onconnect = (connection) => {
  const port = connection.ports[0];
  wishes.set(port, new Set());
  port.onmessage = ({ data }) => {
    if (data.leave) wishes.delete(port);
    else {
      address = data.address;
      wishes.set(port, new Set(data.topics));
    }
    clearTimeout(waiting);
    waiting = setTimeout(listen, 50);
  };
  port.start();
};

function listen() {
  const topics = [...new Set([...wishes.values()].flatMap((set) => [...set]))].sort().join(",");
  if (topics === listening && source?.readyState !== 2) return;
  source?.close();
  source = null;
  listening = topics;
  if (!topics) return;
  const query = new URLSearchParams({ topics });
  if (lastId) query.set("last_event_id", lastId);
  source = new EventSource(`${address}?${query}`);
  source.onmessage = tell;
  source.onopen = () => (patience = 5000);
  source.onerror = () => {
    if (source?.readyState !== 2) return; // it tries again by itself
    clearTimeout(waiting);
    waiting = setTimeout(listen, patience);
    patience = Math.min(patience * 2, 300_000);
  };
}

function tell(message) {
  if (message.lastEventId) lastId = message.lastEventId;
  for (const port of wishes.keys()) port.postMessage(message.data);
}
