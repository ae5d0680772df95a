// The emergency card: above the messages, never scrolled away, the numbers always in sight.
import { announce, find, note, piece, root, words } from "./pieces.js";
import { act, talk } from "./talk.js";

const place = find("cards");
let shown = null;

// What was acknowledged stays, folded; a new danger unfolds.
export function drawDanger() {
  const kept = [...talk.turns.values()].findLast(({ card }) => card)?.card;
  const card = talk.about?.card || kept;
  const print = card && [Boolean(talk.about?.card), card.id, card.title, card.why, ...card.steps].join();
  if (!card || print === shown) return;
  const section = piece("card");
  section.dataset.kind = card.kind;
  section.querySelector(".danger-title span").textContent = card.title;
  section.querySelector(".danger-calls").append(...card.calls.map(call));
  section.querySelector(".danger-steps").append(...card.steps.map(step));
  const why = section.querySelector(".danger-why");
  why.textContent = card.why || "";
  why.hidden = !card.why;
  section.querySelector("details").open = Boolean(talk.about?.card);
  section.querySelector(".danger-acts").hidden = !talk.about?.card;
  place.replaceChildren(section);
  shown = print;
  if (talk.about?.card) announce([card.title, ...card.steps, ...card.calls.map(({ label, number }) => `${label} ${number}`)].join(" "));
}

function call({ label, number }) {
  const row = piece("call");
  const link = row.firstElementChild;
  link.href = `tel:${number.replace(/[^\d+*#]/g, "")}`;
  link.querySelector("span").textContent = label;
  link.querySelector("strong").textContent = number;
  return row;
}

function step(text) {
  const row = document.createElement("li");
  row.textContent = text;
  return row;
}

// Seen and acted on: the steps fold away, the numbers stay.
place.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-acknowledge]");
  if (!button) return;
  act("acknowledgement/").then(() => place.querySelector("summary").focus()).catch(() => note(words.noteFailed));
});
root.addEventListener("chat:changed", drawDanger);
