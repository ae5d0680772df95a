// The messages as they are shown. Everything that people or models wrote goes in as text,
// never as markup. A message is drawn anew only where it has changed.
import { canReadAloud } from "./aloud.js";
import { outbox } from "./outbox.js";
import { announce, clock, fill, find, languageOf, level, piece, root, words } from "./pieces.js";
import { talk } from "./talk.js";

const list = find("turns");
const spoken = new Map(); // turn -> what of it was announced
let isFirst = true; // what stood there when the page came is not announced

export function draw() {
  const items = [...told(), ...waiting()];
  const last = items.filter(({ author }) => author === "bot").at(-1);
  const old = new Map([...list.children].map((row) => [row.dataset.turn, row]));
  const rows = items.map((item) => {
    const isLast = item === last && item === items.at(-1);
    const print = JSON.stringify([item, isLast, isLast && [departments(), talk.about?.why], item.author === "bot" && canReadAloud(languageOf(textOf(item)))]);
    const known = old.get(item.id);
    if (known?.print === print) return known;
    const row = turn(item, isLast);
    row.print = print;
    return row;
  });
  const isSame = rows.length === list.children.length && rows.every((row, place) => list.children[place] === row);
  if (!isSame) replace(rows);
  for (const item of items) tell(item);
  isFirst = isFirst && !talk.about;
}

// What has the focus keeps it where the same control is drawn anew.
function replace(rows) {
  const focused = document.activeElement?.closest("[data-turn]");
  const name = focused && document.activeElement.getAttribute("aria-label");
  list.replaceChildren(...rows);
  if (!focused || document.activeElement !== document.body) return;
  const row = rows.find(({ dataset }) => dataset.turn === focused.dataset.turn);
  const same = row && [...row.querySelectorAll("button:not([hidden])")].find((button) => button.getAttribute("aria-label") === name);
  (same || find("message")).focus({ preventScroll: true });
}

// The turns in their order; answers under way carry what was told of them so far.
function told() {
  const turns = [...talk.turns.values()].sort((one, other) => one.number - other.number);
  const under = [...talk.told].filter(([id]) => !talk.turns.has(id)).map(([id]) => ({ id, author: "bot", kind: "answer", state: "answering", sentences: [], passages: [] }));
  return [...turns, ...under].map((item) => {
    const now = talk.told.get(item.id);
    if (!now) return item;
    const sentences = now.sentences.filter(Boolean).map((text, n) => ({ text, passages: now.passages[n] || [] }));
    return { ...item, sentences, phase: now.phase, status: now.status };
  });
}

// What has not arrived; a message that has is shown as the server has it.
function waiting() {
  const arrived = new Set([...talk.turns.values()].map(({ client_id }) => client_id));
  return outbox()
    .filter(({ client_id }) => !arrived.has(client_id))
    .map((message) => ({ ...message, id: message.client_id, author: "patient", isUnsent: true }));
}

function departments() {
  return talk.about?.departments?.map(({ name }) => name).join(languageOf(talk.about.departments[0]?.name || "") === "zh" ? "、" : ", ") || "";
}

function turn(item, isLast) {
  const row = piece("turn");
  row.dataset.turn = item.id;
  row.dataset.author = item.author;
  if (item.kind) row.dataset.kind = item.kind;
  if (!isForeign(item)) row.lang = languageOf(textOf(item)); // else what is quoted alone is in that language
  const body = find("body", row);
  if (item.author === "note") find("who", row).parentElement.remove();
  else find("who", row).textContent = item.author === "patient" ? words.you : item.author === "bot" ? words.bot : item.staff_name || words.staff;
  if (item.created && item.author !== "note") {
    const when = find("when", row);
    when.dateTime = item.created;
    when.textContent = clock(item.created);
  }
  if (item.author === "bot") body.append(...answer(item, isLast));
  else body.append(...paragraphs(item.text));
  if (item.isUnsent) body.append(unsent(item));
  return row;
}

function paragraphs(text) {
  return String(text || "")
    .split(/\n{2,}/)
    .filter((part) => part.trim())
    .map((part) => {
      const line = document.createElement("p");
      line.dir = "auto";
      line.lang = languageOf(part);
      line.textContent = part;
      return line;
    });
}

function unsent({ state, said }) {
  if (state === "sending" || state === "kept") {
    const line = document.createElement("p");
    line.className = "soft";
    line.textContent = state === "kept" ? words.kept : words.sending;
    return line;
  }
  const place = piece("unsent");
  find("words", place).textContent = said;
  find("chat-do=resend", place).disabled = state === "busy";
  return place;
}

function* answer(item, isLast) {
  const isUnderWay = ["queued", "answering"].includes(item.state);
  const asks = item.follow?.text;
  if (isForeign(item)) yield piece("foreign");
  if (item.why) yield refusal(item);
  else if (item.sentences?.length && textOf(item) !== asks) yield* item.sentences.some(({ under }) => under) ? parts(item) : [sentences(item)];
  else if (!item.sentences?.length && item.text !== asks) yield* paragraphs(item.text);
  if (isUnderWay) return yield status(item);
  if (item.state === "failed" || item.kind === "unavailable") yield failed(item, isLast);
  if (item.state === "stopped") yield* paragraphs(words.stopped);
  if (item.passages?.length) yield sources(item);
  if (item.needs === "sign_in") yield piece("sign-in");
  if (isLast && item.cares && !item.needs && ["answer", "abstained"].includes(item.kind)) yield* care(item); // not before a red flag is answered, nor of a report
  if (talk.about?.state === "bot") {
    if (item.offers_person) yield piece("offer");
    else if ((["abstained", "refusal", "unavailable", "report"].includes(item.kind) || item.needs === "person") && !item.follow) yield piece("person");
  }
  if (["answer", "abstained", "refusal"].includes(item.kind) || (item.kind === "report" && !item.follow)) yield acts(item, isLast);
  yield* paragraphs(asks);
  const next = item.follow ? item.follow.chips : item.suggestions;
  if (isLast && next?.length) yield chips(next);
}

function refusal({ why, instead }) {
  const place = piece("refusal");
  find("why", place).textContent = why;
  if (instead) find("instead", place).textContent = instead;
  else find("instead", place).remove();
  return place;
}

// Whether all that is quoted stands in another language than the talk's; where only some
// of it does, its sources say so.
function isForeign({ sentences: said = [], passages = [] }) {
  const foreign = new Map(passages.filter((passage) => passage.other_language).map(({ id, lang }) => [id, lang]));
  const quoted = said.filter(({ passages: cited }) => cited.length);
  return quoted.length > 0 && quoted.every(({ text, passages: cited }) => cited.every((id) => foreign.get(id) === languageOf(text)));
}

// Each sentence with the numbers of its sources, which open the very passage.
function sentences({ sentences: said, passages = [] }) {
  const line = document.createElement("p");
  line.className = "turn-answer";
  line.dir = "auto";
  for (const { text, passages: cited } of said) {
    line.append(inItsLanguage(text));
    for (const id of cited) line.append("\u2060", citation(id, passages, said)); // never alone on a line
    line.append(" ");
  }
  return line;
}

// An answer in parts, each under its heading; a word that is explained stands before what
// explains it, and the sentence it stands in between them.
function* parts({ sentences: said, passages = [] }) {
  const headings = [...new Set(said.map(({ under }) => under))];
  for (const under of headings) {
    const place = piece("part");
    find("heading", place).textContent = under || "";
    for (const sentence of said.filter((each) => each.under === under)) {
      const row = piece(sentence.term ? "word" : "line");
      if (sentence.term) find("term", row).textContent = sentence.term;
      if (sentence.where) find("where", row).textContent = sentence.where;
      const line = sentence.term ? find("says", row) : row;
      line.append(inItsLanguage(sentence.text));
      for (const id of sentence.passages) line.append("\u2060", citation(id, passages, said));
      place.append(row);
    }
    yield place;
  }
}

function inItsLanguage(text) {
  const words = document.createElement("span");
  words.lang = languageOf(text);
  words.textContent = text;
  return words;
}

function citation(id, passages, said) {
  const order = [...new Set(said.flatMap((sentence) => sentence.passages))];
  const number = order.indexOf(id) + 1;
  const known = passages.find((passage) => passage.id === id);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cite";
  button.dataset.sourceOpen = id;
  button.textContent = number;
  button.setAttribute("aria-label", known ? fill(words.cite, { number, title: known.title }) : fill(words.citePlain, { number }));
  return button;
}

function sources({ sentences: said = [], passages }) {
  const place = piece("sources");
  const order = [...new Set(said.flatMap((sentence) => sentence.passages))];
  const shown = order.map((id) => passages.find((passage) => passage.id === id)).filter(Boolean);
  for (const passage of shown.length ? shown : passages) {
    const row = piece("source");
    row.firstElementChild.dataset.sourceOpen = passage.id;
    const number = order.indexOf(passage.id) + 1;
    if (number) row.querySelector(".source-number").textContent = number;
    const title = [passage.title, passage.heading].filter(Boolean).join(" · ");
    find("title", row).textContent = title;
    find("title", row).lang = passage.lang || languageOf(title);
    find("foreign", row).hidden = !passage.other_language;
    row.querySelector(".source-library").textContent = passage.library;
    place.lastElementChild.append(row);
  }
  return place;
}

function* care({ level: name }) {
  const look = name && level(name);
  if (!look || name === "emergency") return; // an emergency has its own card
  const place = piece("care");
  place.dataset.level = name;
  place.querySelector(".care-level").append(look);
  const why = place.querySelector(".care-why");
  why.textContent = talk.about?.why || "";
  why.hidden = !why.textContent;
  const where = place.querySelector(".care-departments");
  where.querySelector("strong").textContent = departments();
  where.hidden = !departments();
  yield place;
}

function chips(texts) {
  const place = piece("chips");
  for (const text of texts) {
    const chip = piece("chip");
    chip.firstElementChild.textContent = text;
    place.append(chip);
  }
  return place;
}

function status(item) {
  const place = piece("status");
  find("words", place).textContent = statusOf(item);
  return place;
}

// What the server says of an answer under way; before it says anything, that the question waits.
function statusOf({ phase, status: now }) {
  return now || (phase ? words.queued : words.reading);
}

function failed({ text }, isLast) {
  const place = piece("failed");
  find("words", place).textContent = text ? "" : words.failed;
  find("words", place).hidden = Boolean(text);
  find("chat-do=again", place).parentElement.hidden = !isLast;
  return place;
}

function acts(item, isLast) {
  const { id, rating } = item;
  const place = piece("acts");
  place.dataset.of = id;
  for (const button of place.querySelectorAll("[data-rate]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === rating));
  }
  find("aloud", place).hidden = !canReadAloud(languageOf(textOf(item)));
  find("chat-do=again", place).hidden = !isLast || item.kind === "report" || Boolean(item.needs) || talk.about?.state !== "bot";
  return place;
}

// What a message says, sentence by sentence.
function said(item) {
  return item.sentences?.length ? item.sentences.map(({ text }) => text) : [item.why, item.text, item.instead].filter(Boolean);
}

const textOf = (item) => said(item).join(" ");

// Says each sentence once, when it is whole.
function tell(item) {
  const before = spoken.get(item.id) || { count: 0, phase: "", isForeign: false };
  const all = [...said(item), item.follow?.text].filter((text, place, texts) => text && texts.indexOf(text) === place);
  const texts = all.slice(before.count);
  const phase = item.phase && item.phase !== before.phase && !all.length ? statusOf(item) : "";
  spoken.set(item.id, { count: Math.max(all.length, before.count), phase: item.phase || before.phase, isForeign: isForeign(item) });
  if (isFirst || item.author === "patient") return;
  if (phase) announce(phase);
  if (isForeign(item) && !before.isForeign) announce(piece("foreign").textContent.trim());
  for (const text of texts) announce(text);
}

export const passageOf = (turnId, id) => talk.turns.get(turnId)?.passages?.find((passage) => passage.id === id);
export const wordsOf = (turnId) => textOf(talk.turns.get(turnId));
root.addEventListener("chat:changed", draw);
