// The theme chosen on the platform's own pages, before the admin is painted; then names
// for the controls of tables, which Django's admin leaves to the column's head.
{
  const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  if (chosen) document.documentElement.dataset.theme = chosen[1];

  const nameTable = (table) => {
    const heads = [...table.querySelectorAll("thead th")];
    const title = table.closest("fieldset")?.querySelector("h2, legend")?.textContent.trim();
    for (const head of heads) {
      if (head.textContent.trim() || !title) continue;
      const words = document.createElement("span");
      words.className = "visually-hidden";
      words.textContent = title;
      head.append(words);
    }
    for (const control of table.querySelectorAll("tbody :is(input:not([type=hidden]), select, textarea)")) {
      const { cellIndex } = control.closest("td, th");
      const name = heads[cellIndex]?.textContent.trim();
      if (!control.labels?.length && name) control.setAttribute("aria-label", name);
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll(".tabular table")) nameTable(table);
  });
}
