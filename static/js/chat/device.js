// What the device brings: larger text, a keyboard that takes half the screen, and the shell
// kept for when the network is away.
import { find, root } from "./pieces.js";

const YEAR_S = 365 * 24 * 3600;

export function largeText(button) {
  const isLarge = document.body.dataset.text !== "large";
  if (isLarge) document.body.dataset.text = "large";
  else delete document.body.dataset.text;
  button.setAttribute("aria-pressed", String(isLarge));
  document.cookie = `text=${isLarge ? "large" : ""};path=/;max-age=${isLarge ? YEAR_S : 0};samesite=lax`;
}

// Where a keyboard lies over the page instead of resizing it, the page ends above it.
const view = window.visualViewport;
view?.addEventListener("resize", () => {
  const isCovered = view.height < innerHeight - 80 && view.scale === 1;
  root.style.setProperty("block-size", isCovered ? `${view.height}px` : "");
  if (isCovered) scrollTo(0, 0);
});

// The log follows what is new as long as its reader has not scrolled up, and never past
// the beginning of the newest message.
const log = find("log");
const NEAR_PX = 96;
let follows = true;

export const atEnd = () => log.scrollHeight - log.clientHeight - log.scrollTop < NEAR_PX;

export function follow({ always = false } = {}) {
  if (always) follows = true;
  const question = [...log.querySelectorAll("[data-author=patient]")].at(-1);
  if (follows && question) log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, question.offsetTop - 12);
  find("chat-do=down").hidden = atEnd() || follows;
}

for (const name of ["wheel", "touchmove", "keydown"]) {
  log.addEventListener(name, () => requestAnimationFrame(() => {
    follows = atEnd();
    find("chat-do=down").hidden = follows;
  }), { passive: true });
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register(root.dataset.worker).catch(() => {});
