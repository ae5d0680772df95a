// The desk: the newest message in sight, set phrases by keyboard, Ctrl and Enter to send.
const page = document;

function showNewest() {
  const log = page.querySelector(".desk-log");
  if (log) log.scrollTop = log.scrollHeight;
}

function insert(field, text) {
  field.setRangeText(text, field.value === "/" ? 0 : field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function filter(list, wanted) {
  const words = wanted.toLowerCase();
  for (const button of list.querySelectorAll("[data-desk-phrase]")) {
    button.parentElement.hidden = !button.textContent.toLowerCase().includes(words);
  }
}

function close(phrases) {
  phrases.open = false;
  page.querySelector("[data-desk-text]")?.focus();
}

page.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-desk-text]");
  if (field && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit();
  } else if (field && event.key === "/" && !field.value) {
    event.preventDefault();
    const phrases = page.querySelector("[data-desk-phrases]");
    phrases.open = true;
    phrases.querySelector("[data-desk-find]").focus();
  }
  const phrases = event.target.closest?.("[data-desk-phrases]");
  if (!phrases) return;
  const buttons = [...phrases.querySelectorAll("li:not([hidden]) [data-desk-phrase]")];
  const here = buttons.indexOf(page.activeElement);
  if (event.key === "Escape") close(phrases);
  else if (event.key === "ArrowDown") buttons[Math.min(here + 1, buttons.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (buttons[here - 1] || phrases.querySelector("[data-desk-find]")).focus();
  else if (event.key === "Enter" && event.target.matches("[data-desk-find]")) buttons[0]?.click();
  else return;
  event.preventDefault();
});

page.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-desk-find]")) filter(target.closest("[data-desk-phrases]"), target.value);
});

page.addEventListener("click", ({ target }) => {
  const phrase = target.closest?.("[data-desk-phrase]");
  const field = page.querySelector("[data-desk-text]");
  if (!phrase || !field) return;
  insert(field, phrase.dataset.deskPhrase);
  close(phrase.closest("[data-desk-phrases]"));
});

page.addEventListener("htmx:afterSettle", showNewest);
showNewest();
