// What was written and has not arrived. It is kept over reloads of this tab, sent in order
// one by one, and again after a lost connection, always under the same id: never twice.
import { fill, find, root, words } from "./pieces.js";
import { Lost, Refused } from "./rest.js";
import { say } from "./talk.js";

const STORE = "chat:outbox";
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000];
const changed = () => root.dispatchEvent(new CustomEvent("chat:changed"));
let messages = kept();
let isSending = false;
let failures = 0;

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) || "[]").filter(({ talk }) => talk === root.dataset.talk);
  } catch {
    return [];
  }
}

function keep() {
  const talk = root.dataset.topics?.replace("conversation:", "") || "";
  sessionStorage.setItem(STORE, JSON.stringify(messages.map((message) => ({ ...message, talk }))));
  changed();
}

export const outbox = () => messages;

export function post(text, { spoken = false } = {}) {
  messages.push({ client_id: crypto.randomUUID(), text, spoken, state: "sending", said: "" });
  keep();
  flush();
}

export function resend(id) {
  Object.assign(messages.find((message) => message.client_id === id) || {}, { state: "sending", said: "" });
  keep();
  flush();
}

// Takes a message back to be written anew.
export function unsend(id) {
  const message = messages.find(({ client_id }) => client_id === id);
  messages = messages.filter((other) => other !== message);
  keep();
  return message?.text || "";
}

export async function flush() {
  if (isSending) return;
  isSending = true;
  try {
    for (let message; (message = messages.find(({ state }) => state === "sending" || state === "kept")); ) {
      await send(message);
      messages = messages.filter((other) => other !== message);
      failures = 0;
      find("connection").hidden = true;
      keep();
    }
  } catch (error) {
    if (!(error instanceof Lost || error instanceof Refused)) throw error;
  } finally {
    isSending = false;
  }
}

async function send(message) {
  try {
    await say(message);
  } catch (error) {
    if (error instanceof Lost) wait(message);
    else if (error instanceof Refused) refused(message, error);
    keep();
    throw error;
  }
}

function wait(message) {
  message.state = "kept";
  find("connection").hidden = false;
  setTimeout(flush, PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)]);
  failures += 1;
}

function refused(message, error) {
  message.state = error.after ? "busy" : "refused";
  message.said = error.message || (error.after ? fill(words.busy, { seconds: error.after }) : words.refused);
  if (!error.after) return;
  setTimeout(() => {
    if (message.state !== "busy") return;
    Object.assign(message, { state: "refused", said: words.busyOver });
    keep();
  }, error.after * 1000);
}
