// A citation opens the very passage, with the sentence that quotes it marked.
import { day, fill, find, languageOf, words } from "./pieces.js";
import { read, talk } from "./talk.js";
import { passageOf } from "./turns.js";

const panel = document.getElementById("source");
const part = (name) => panel.querySelector(`[data-source="${name}"]`);
const show = (name, is) => (panel.querySelector(`[data-source-is="${name}"]`).hidden = !is);

export async function openSource(button) {
  const turn = button.closest("[data-turn]").dataset.turn;
  const id = button.dataset.sourceOpen;
  if (!passageOf(turn, id)) await read().catch(() => {}); // the answer is still being told
  const passage = passageOf(turn, id);
  if (!passage) return;
  const quoted = (talk.turns.get(turn).sentences || []).filter(({ passages }) => passages.includes(id)).map(({ text }) => text);
  part("title").textContent = passage.title;
  part("library").textContent = passage.library;
  part("note").textContent = passage.note || "";
  part("heading").textContent = passage.heading || "";
  part("heading").hidden = !passage.heading;
  part("text").replaceChildren(...marked(passage.text, quoted));
  part("text").lang = passage.lang || languageOf(passage.text);
  part("reviewed").textContent = reviewed(passage);
  show("reviewed", passage.reviewed);
  show("unreviewed", !passage.reviewed);
  show("library-words", !passage.is_report);
  show("report-words", passage.is_report);
  show("foreign", passage.other_language);
  origin(passage);
  part("href").href = passage.href;
  show("library-page", passage.href);
  panel.showModal();
  part("text").querySelector("mark")?.scrollIntoView({ block: "nearest" });
}

function reviewed({ reviewed: moment, reviewer, is_report: isReport }) {
  if (!moment) return "";
  if (isReport) return fill(words.signedBy, { reviewer, date: day(moment) });
  return reviewer ? fill(words.reviewedBy, { reviewer, date: day(moment) }) : fill(words.reviewed, { date: day(moment) });
}

// Where the library has it from: a link only where it is an address of the web.
function origin({ url, source }) {
  const link = part("url");
  const isWeb = /^https?:\/\//.test(url || "");
  link.textContent = source || url || "";
  if (isWeb) link.href = url;
  else link.removeAttribute("href");
  show("origin", source || url);
}

function marked(text, quoted) {
  const parts = [text];
  for (const sentence of quoted) {
    const at = parts.findIndex((piece) => typeof piece === "string" && piece.includes(sentence));
    if (at < 0) continue;
    const mark = document.createElement("mark");
    mark.textContent = sentence;
    const [before] = parts[at].split(sentence, 1);
    parts.splice(at, 1, before, mark, parts[at].slice(before.length + sentence.length));
  }
  return parts;
}

panel.addEventListener("click", ({ target }) => target === panel && panel.close()); // beside it
find("turns").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-source-open]");
  if (button) openSource(button);
});
