// The emergency card: above the messages, never scrolled away, the numbers always in sight.
import { announce, find, piece, root } from "./pieces.js";
import { act, talk } from "./talk.js";

const place = find("cards");
let shown = null;

export function drawDanger() {
  const card = talk.about?.card;
  if (!card || card.id === shown) return;
  const section = piece("card");
  section.dataset.kind = card.kind;
  section.querySelector(".danger-title span").textContent = card.title;
  section.querySelector(".danger-calls").append(...card.calls.map(call));
  section.querySelector(".danger-steps").append(...card.steps.map(step));
  place.replaceChildren(section);
  shown = card.id;
  announce([card.title, ...card.steps, ...card.calls.map(({ label, number }) => `${label} ${number}`)].join(" "));
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
  place.querySelector("details").open = false;
  place.querySelector("summary").focus();
  act("acknowledgement/", { words: button.dataset.acknowledge }).catch(() => {});
});
root.addEventListener("chat:changed", drawDanger);
