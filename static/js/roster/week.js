// A narrow page shows one week unless its address says otherwise.
const NARROW = "(width < 44rem)";

const span = document.querySelector("[data-roster-span]");
const asked = new URLSearchParams(location.search);
if (span && !asked.has("week") && !asked.has("month") && matchMedia(NARROW).matches) {
  location.replace(span.dataset.rosterSpan);
}
