// The worklist by keyboard: one row is current; rows opened stay open when the list
// refreshes itself. Which keys do it is told by data-shortcut on the page.
const opened = new Set();

const links = () => [...document.querySelectorAll("[data-row-link]")];
const rowOf = (link) => link?.closest("tr");
const currentLink = () => document.activeElement?.closest("tr[data-row]")?.querySelector("[data-row-link]");

function step(by) {
  const all = links();
  if (!all.length) return;
  const at = all.indexOf(currentLink());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

async function show(button) {
  const row = document.getElementById(button.getAttribute("aria-controls"));
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  row.hidden = !open;
  opened[open ? "add" : "delete"](row.id);
  if (!open || row.dataset.loaded) return;
  row.dataset.loaded = "1";
  const answer = await fetch(button.dataset.expand, { headers: { "HX-Request": "true" } });
  row.firstElementChild.innerHTML = answer.ok ? await answer.text() : "";
}

document.addEventListener("click", ({ target }) => {
  const stepper = target.closest("[data-step]");
  if (stepper) return step(Number(stepper.dataset.step));
  const button = target.closest("[data-expand]");
  if (button) return show(button);
  const doing = target.closest("[data-row-do]")?.dataset.rowDo;
  const link = doing && (currentLink() || links()[0]);
  if (link && doing === "open") link.click();
  if (link && doing === "expand") show(rowOf(link).querySelector("[data-expand]"));
});

document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !event.target.closest?.("tr[data-row]")) return;
  event.preventDefault();
  step(by);
});

document.addEventListener("htmx:afterSettle", () => {
  for (const id of opened) {
    const button = document.querySelector(`[aria-controls="${id}"][aria-expanded=false]`);
    if (button) show(button);
  }
});
