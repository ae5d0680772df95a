// Keys. An element with data-shortcut="a" is pressed (or focused, when it is a field)
// by that key; data-shortcut-name names it, else its label or text does. Keys rest
// inside text fields; Escape leaves the field. Each person's own keys are kept by the
// server (and until it answers, in this browser), so they outlive the session.
const body = document.body;
const store = `keys:${body.dataset.person}`;
const FIELD = "input:not([type=range],[type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable=true]";
let own = read();

function read() {
  try {
    const kept = JSON.parse(body.dataset.keys || "{}");
    return Object.keys(kept).length ? kept : JSON.parse(localStorage.getItem(store) || "{}");
  } catch {
    return {};
  }
}

function keep() {
  localStorage.setItem(store, JSON.stringify(own));
  if (!body.dataset.preferences) return;
  const headers = JSON.parse(body.getAttribute("hx-headers") || "{}");
  const form = new FormData();
  form.set("value", JSON.stringify(own));
  fetch(body.dataset.preferences, { method: "POST", headers, body: form }).catch(() => {});
}

const targets = () => [...document.querySelectorAll("[data-shortcut]")];
const keyOf = (element) => own[element.dataset.shortcut] || element.dataset.shortcut;
const shown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

function nameOf(element) {
  if (element.dataset.shortcutName) return element.dataset.shortcutName;
  if (element.ariaLabel) return element.ariaLabel;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg").forEach((part) => part.remove());
  return copy.textContent.trim();
}

function press(element) {
  if (element.matches(FIELD)) {
    element.focus();
    element.select?.();
  } else if (element.dataset.shortcutDo === "focus") element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches?.(FIELD)) return event.target.blur();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(FIELD) || document.querySelector("dialog[open]")) return;
  const found = targets().filter((element) => keyOf(element) === event.key && !element.disabled);
  const current = document.activeElement?.closest("[data-shortcut-scope]");
  const element =
    found.find((candidate) => current?.contains(candidate)) ||
    found.find((candidate) => shown(candidate)) ||
    found.find((candidate) => candidate.dataset.opens);
  if (!element) return;
  event.preventDefault();
  press(element);
});

function paint() {
  for (const element of targets()) {
    const hint = element.querySelector(":scope > kbd");
    if (hint) hint.textContent = keyOf(element);
    element.setAttribute("aria-keyshortcuts", keyOf(element));
  }
}

function list() {
  const sheet = document.querySelector("[data-keys-list]");
  if (!sheet) return;
  const seen = new Map();
  for (const element of targets()) {
    if (!seen.has(element.dataset.shortcut)) seen.set(element.dataset.shortcut, nameOf(element));
  }
  sheet.replaceChildren(
    ...[...seen].map(([key, name]) => {
      const row = document.createElement("li");
      const label = document.createElement("span");
      label.textContent = name;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = own[key] || key;
      button.setAttribute("aria-label", `${sheet.dataset.change} ${name}: ${own[key] || key}`);
      button.addEventListener("click", () => change(button, key, sheet.dataset.press));
      row.append(label, button);
      return row;
    }),
  );
}

function change(button, key, words) {
  button.textContent = words;
  button.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Tab" || event.key === "Shift") return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== "Escape" && event.key.length === 1) {
        if (event.key === key) delete own[key];
        else own[key] = event.key;
        keep();
      }
      paint();
      list();
      [...document.querySelectorAll("[data-keys-list] button")]
        .find((other) => other.getAttribute("aria-label").endsWith(`: ${own[key] || key}`))
        ?.focus();
    },
    { once: true },
  );
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens=shortcuts]")) list();
  if (event.target.closest("[data-keys-reset]")) {
    own = {};
    keep();
    paint();
    list();
  }
});
document.addEventListener("htmx:afterSettle", paint);
paint();
