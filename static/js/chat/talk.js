// The talk as this page knows it. What REST says is the truth; events only make it quick.
// `told` holds what an answer said so far, by the place of the sentence: an event that comes
// twice changes nothing, and one that was lost is mended when the talk is read again.
import { root } from "./pieces.js";
import { ask, Refused } from "./rest.js";

const WATCH_MS = 8_000; // between looks while an answer is due: events may be lost
export const talk = { id: root.dataset.talk, about: null, turns: new Map(), told: new Map() };
const changed = () => root.dispatchEvent(new CustomEvent("chat:changed"));
const here = (path = "") => `${root.dataset.talks}${talk.id}/${path}`;
let reading = null;
let isStale = false;

// Reads the whole talk; those who ask meanwhile get one more reading after it.
export function read() {
  if (!talk.id) return Promise.resolve();
  if (reading) {
    isStale = true;
    return reading;
  }
  reading = readOnce().finally(() => {
    reading = null;
    if (isStale) {
      isStale = false;
      read().catch(() => {});
    }
  });
  return reading;
}

async function readOnce() {
  const { turns, ...about } = await ask("GET", here());
  if (newest(turns) < newest(talk.turns.values())) {
    isStale = true; // asked before the newest message arrived
    return;
  }
  talk.about = about;
  talk.turns = new Map(turns.map((turn) => [turn.id, turn]));
  for (const turn of turns) if (turn.state !== "answering" && turn.state !== "queued") talk.told.delete(turn.id);
  changed();
}

const newest = (turns) => Math.max(0, ...[...turns].map(({ number }) => number));

// The server begins it in the language of this page.
async function begin() {
  if (talk.id) return;
  const { turns = [], ...about } = await ask("POST", root.dataset.talks, {});
  talk.id = about.id;
  talk.about = about;
  talk.turns = new Map(turns.map((turn) => [turn.id, turn]));
  root.dataset.topics = `conversation:${talk.id}`;
  document.dispatchEvent(new CustomEvent("anji:topics"));
  history.replaceState(null, "", `${root.dataset.page}${talk.id}/`);
  for (const field of document.querySelectorAll("input[name=next]")) field.value = location.pathname; // a change of language comes back here
  changed();
}

// One message; `client_id` makes sending it twice the same as once.
export async function say({ text, client_id, spoken = false }) {
  await begin();
  const answer = await ask("POST", here("messages/"), { text, client_id, spoken });
  talk.turns.set(answer.turn.id, answer.turn);
  if (talk.about) {
    talk.about.state = answer.state;
    if (answer.safety?.card) talk.about.card = answer.safety.card;
    if (answer.safety?.level) talk.about.level = answer.safety.level;
    talk.about.is_answering = talk.about.is_answering || Boolean(answer.answer);
  }
  if (answer.answer && !talk.turns.has(answer.answer)) hearOf(answer.answer);
  changed();
  return answer;
}

// Asks something of the talk, then shows how it stands.
export async function act(path, body = {}) {
  await begin();
  const answer = await ask("POST", here(path), body);
  await read();
  return answer;
}

function hearOf(turn) {
  if (!talk.told.has(turn)) talk.told.set(turn, { sentences: [], passages: [], phase: "queued", status: "" });
  return talk.told.get(turn);
}

const hears = {
  safety({ card, level }) {
    if (card) talk.about.card = card;
    if (level) talk.about.level = level;
  },
  status({ turn, phase, words }) {
    const told = hearOf(turn);
    if (phase === "again") Object.assign(told, { sentences: [], passages: [] });
    Object.assign(told, { phase, status: words });
    talk.about.is_answering = true;
  },
  token({ turn, n, text }) {
    const told = hearOf(turn);
    told.sentences[n] = text;
  },
  citation({ turn, n, passages }) {
    hearOf(turn).passages[n] = passages;
  },
};

// An answer that has ended is known from REST: what is told of it again is old.
const isOver = (turn) => ["done", "stopped", "failed", "replaced"].includes(talk.turns.get(turn)?.state);

export function hear({ event, data }) {
  if (!talk.about || (event in hears && event !== "safety" && isOver(data.turn))) return;
  if (event in hears) {
    hears[event](data);
    changed();
  } else read().catch(() => {}); // done, message, handover
}

export const isAnswering = () => Boolean(talk.about?.is_answering || talk.told.size) && !["human", "closed"].includes(talk.about?.state);
export const isGone = (error) => error instanceof Refused && [401, 403, 404].includes(error.status);

setInterval(() => {
  if (!document.hidden && (isAnswering() || ["waiting", "human"].includes(talk.about?.state))) read().catch(() => {});
}, WATCH_MS);

