// One's own talks, newest first; each leads to itself.
import { day, find, piece, root, words } from "./pieces.js";
import { ask } from "./rest.js";
import { talk } from "./talk.js";

export async function openTalks() {
  const dialog = document.getElementById("talks");
  const list = find("talk-list");
  list.setAttribute("aria-busy", "true");
  dialog.showModal();
  const answer = await ask("GET", root.dataset.talks).catch(() => null);
  list.removeAttribute("aria-busy");
  find("talks-trouble").hidden = Boolean(answer);
  find("talks-none").hidden = !answer || answer.results.length > 0;
  list.replaceChildren(...(answer?.results || []).map(line));
}

function line({ id, title, updated }) {
  const row = piece("talk");
  const link = row.firstElementChild;
  link.href = `${root.dataset.page}${id}/`;
  if (id === talk.id) link.setAttribute("aria-current", "page");
  link.querySelector(".talk-title").textContent = title || words.untitled;
  find("when", row).textContent = day(updated);
  return row;
}
