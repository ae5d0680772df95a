// "?" on a worked cell of the grid asks why it is so; the form beside it follows the cell one
// is in. A link from another page names a cell in its address: the grid opens there.
const form = () => document.querySelector("#roster [data-why]");

function follow(cell) {
  const fields = form()?.elements;
  if (!fields) return;
  for (const [name, value] of [["person", cell.dataset.person], ["day", cell.dataset.day]]) {
    if ([...fields[name].options].some((option) => option.value === value)) fields[name].value = value;
  }
}

document.addEventListener("focusin", ({ target }) => target.matches?.("#roster-grid .cell") && follow(target));

document.addEventListener(
  "keydown",
  (event) => {
    const cell = event.target.closest?.("#roster-grid .cell");
    if (event.key !== "?" || !cell?.dataset.shift || !form()) return;
    event.preventDefault();
    event.stopPropagation(); // elsewhere "?" shows the sheet of keys
    follow(cell);
    form().requestSubmit();
  },
  true,
);

const asked = new URLSearchParams(location.search);
if (asked.has("day")) {
  const cells = [...document.querySelectorAll(`#roster-grid [data-day="${CSS.escape(asked.get("day"))}"]`)];
  (cells.find((cell) => cell.dataset.person === asked.get("person")) ?? cells[0])?.focus();
}
