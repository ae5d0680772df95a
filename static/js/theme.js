// Light, dark, or as the device says. The choice is a cookie, so the server
// renders the right page at once and no script has to run before the first paint.
const root = document.documentElement;
const YEAR_S = 365 * 24 * 3600;

function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme};path=/;max-age=${theme ? YEAR_S : 0};samesite=lax`;
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme]");
  if (button) setTheme(button.dataset.setTheme);
});
