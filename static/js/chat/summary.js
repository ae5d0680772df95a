// The summary before the visit, below the talk: read first, then sent by its person or
// shown at the desk. A card of a danger that stands open goes before it.
import { announce, fill, find, piece, root, words } from "./pieces.js";
import { talk } from "./talk.js";

const place = find("summary");
let shown = null;

export function drawSummary() {
  const { summary, card } = talk.about || {};
  place.hidden = !summary || Boolean(card);
  const print = place.hidden ? null : JSON.stringify(summary);
  if (print === shown) return;
  const hadFocus = place.contains(document.activeElement);
  const isNew = shown === null;
  shown = print;
  if (place.hidden) return place.replaceChildren();
  const section = piece("summary");
  const { lines, department, is_sent, may_send } = summary;
  find("summary-lines", section).append(...lines.map(line));
  section.querySelector("details").open = !is_sent;
  find("summary-send", section).hidden = !may_send;
  const said = is_sent ? words.summarySent : may_send ? words.summaryAsks : words.summaryShow;
  find("summary-words", section).textContent = fill(said, { department });
  place.replaceChildren(section);
  if (isNew || is_sent) announce(fill(said, { department }));
  if (hadFocus) section.querySelector("summary").focus();
}

function line(text) {
  const row = document.createElement("li");
  row.dir = "auto";
  row.textContent = text;
  return row;
}

root.addEventListener("chat:changed", drawSummary);
