// The patient's talk: what is pressed and written, and what the page then shows. How it
// stands is kept in chat/talk.js, what was written and not yet sent in chat/outbox.js.
import { hush, onVoices, readAloud } from "./chat/aloud.js";
import { follow, largeText } from "./chat/device.js";
import { drawDanger } from "./chat/danger.js";
import { speak } from "./chat/microphone.js";
import { flush, outbox, post, resend, unsend } from "./chat/outbox.js";
import { fill, find, note, piece, root, words } from "./chat/pieces.js";
import { Refused } from "./chat/rest.js";
import "./chat/sources.js";
import "./chat/summary.js";
import { act, hear, isAnswering, isGone, read, talk } from "./chat/talk.js";
import { draw, wordsOf } from "./chat/turns.js";

const field = find("message");
const mostBytes = Number(find("composer").dataset.mostBytes);
const DRAFT = "chat:draft";

// Whether it is sent; what is too long stays where it was written.
function send(text, { spoken = false } = {}) {
  if (!text.trim()) return false;
  if (new Blob([text]).size > mostBytes) {
    note(words.tooLong);
    return false;
  }
  hush();
  note("");
  post(text, { spoken });
  follow({ always: true });
  return true;
}

function write(text, { spoken = false } = {}) {
  field.value = text;
  field.toggleAttribute("data-spoken", spoken);
  sessionStorage.setItem(DRAFT, text);
  field.focus();
}

const rowOf = (element) => element.closest("[data-turn]")?.dataset.turn;
const tryOut = (doing) => doing.then(() => note("")).catch((error) => note(error instanceof Refused && error.message ? error.message : words.noteFailed));
const acts = {
  handover: () => tryOut(act("handover/")),
  bot: () => tryOut(act("bot/")),
  stop: () => tryOut(act("stop/")),
  again: () => tryOut(act("regenerate/")),
  close: () => document.getElementById("end-talk").showModal(),
  closed: () => {
    document.getElementById("end-talk").close();
    tryOut(act("closing/"));
  },
  summary: () => tryOut(act("summary/")),
  large: largeText,
  down: () => {
    find("log").scrollTop = find("log").scrollHeight;
    follow({ always: true });
  },
  reload: open,
  resend: (button) => resend(rowOf(button)),
  unsend: (button) => write(unsend(rowOf(button))),
  speak: (button) => speak(button, (text) => text && write([field.value.trim(), text].filter(Boolean).join(" "), { spoken: true })),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-chat-do]");
  if (button) acts[button.dataset.chatDo](button);
  const chip = target.closest("[data-say]");
  if (chip) send(chip.textContent.trim());
  const thumb = target.closest("[data-rate]");
  if (thumb) rate(thumb);
  const aloud = target.closest("[data-aloud]");
  if (aloud) readAloud(aloud, wordsOf(rowOf(aloud)));
});

function rate(thumb) {
  const turn = rowOf(thumb);
  const value = thumb.getAttribute("aria-pressed") === "true" ? 0 : Number(thumb.dataset.rate);
  tryOut(
    act("rating/", { turn, value }).then(() => {
      const body = find("body", document.querySelector(`[data-turn="${turn}"]`));
      if (value) askWhy(body, turn, value);
    }),
  );
}

function askWhy(body, turn, value) {
  const form = piece("rating");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.remove();
    const said = form.elements.words.value.trim();
    if (said) tryOut(act("rating/", { turn, value, words: said }));
    field.focus();
  });
  body.querySelector(".turn-acts").after(form);
  form.elements.words.focus();
}

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (send(field.value, { spoken: field.hasAttribute("data-spoken") })) write("");
  else field.focus();
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find("composer").requestSubmit();
});
field.addEventListener("input", () => sessionStorage.setItem(DRAFT, field.value));

find("consent").addEventListener("change", ({ target }) => tryOut(act("consent/", { may_teach: target.checked })));

// What surrounds the messages: who answers, whether one can write, stop or go back.
function frame() {
  const { state = "bot", expected = "", staff_name = "", may_teach = false } = talk.about || {};
  const hasTalk = Boolean(talk.id);
  find("start").hidden = hasTalk && (talk.turns.size > 0 || outbox().length > 0);
  if (outbox().length) find("start").hidden = true;
  for (const element of document.querySelectorAll("[data-when-talk]")) element.hidden = !hasTalk || state === "closed";
  find("chat-do=handover").hidden = ["waiting", "human", "closed"].includes(state);
  find("chat-do=stop").hidden = !isAnswering();
  find("closed").hidden = state !== "closed";
  find("composer").hidden = state === "closed";
  find("consent").checked = may_teach;
  const banner = find("state");
  banner.hidden = !["waiting", "human"].includes(state);
  banner.dataset.state = state;
  const said = state === "waiting" ? words.waiting : staff_name ? fill(words.humanNamed, { name: staff_name }) : words.human;
  if (find("state-words").textContent !== said) find("state-words").textContent = said;
  find("state-more").textContent = state === "waiting" ? expected : "";
  find("chat-do=bot").hidden = state !== "waiting";
  follow();
}

async function open() {
  find("trouble").hidden = true;
  if (!root.dataset.talk) return draw();
  find("loading").hidden = false;
  try {
    await read();
  } catch (error) {
    if (isGone(error)) return location.assign(`${root.dataset.page}?new`);
    find("trouble").hidden = false;
    find("trouble-words").textContent = (error instanceof Refused && error.message) || words.unread;
  } finally {
    find("loading").hidden = true;
  }
}

// The stream comes back by itself with all that it has not told; the talk is read once more
// besides, and what could not be sent is sent.
function back() {
  const isNews = !find("connection").hidden;
  find("connection").hidden = true;
  if (isNews) read().catch(() => {});
  flush();
}
let lostSoon = 0;
document.addEventListener("anji:stream", ({ detail }) => {
  clearTimeout(lostSoon);
  if (detail === "open") back();
  else lostSoon = setTimeout(() => (find("connection").hidden = !talk.id), 1_500); // a stream that is made anew is not lost
});
addEventListener("online", back);
addEventListener("offline", () => (find("connection").hidden = false));
document.addEventListener("visibilitychange", () => !document.hidden && read().catch(() => {}));

root.addEventListener("anji:event", ({ detail }) => hear(detail));
root.addEventListener("chat:changed", frame);
onVoices(draw);
drawDanger();
field.value ||= sessionStorage.getItem(DRAFT) || "";
frame();
open().then(flush);
