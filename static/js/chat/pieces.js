// The page's own pieces and words, which the server has written in the reader's language.
export const root = document.querySelector("[data-chat]");
export const words = document.querySelector("[data-words]").dataset;
export const find = (name, within = document) => within.querySelector(`[data-${name}]`);
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const language = document.documentElement.lang;

export const piece = (name) => document.querySelector(`template[data-piece="${name}"]`).content.firstElementChild.cloneNode(true);

// How urgent it is: a sign and words, never colour alone.
export function level(name) {
  const template = document.querySelector(`template[data-level="${name}"]`);
  return template ? template.content.cloneNode(true) : null;
}

export const clock = (moment) => new Date(moment).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
export const day = (moment) => new Date(moment).toLocaleDateString(language, { dateStyle: "medium" });

// The language that something is written in, for voices and screen readers.
export const languageOf = (text) => (/[\u3400-\u9fff]/.test(text) ? "zh" : "en");

// Whole sentences for those who listen to the page; old ones leave.
export function announce(text) {
  const region = find("announce");
  const line = document.createElement("p");
  line.lang = languageOf(text);
  line.textContent = text;
  region.append(line);
  while (region.childElementCount > 8) region.firstElementChild.remove();
}

export function note(text) {
  const place = find("note");
  place.textContent = text || "";
  place.hidden = !text;
}
