// A narrow page shows one week unless its address says otherwise.
const NARROW = "(width < 44rem)";

const span = document.querySelector("[data-roster-span]");
if (span && !new URLSearchParams(location.search).has("week") && matchMedia(NARROW).matches) {
  location.replace(span.dataset.rosterSpan);
}
