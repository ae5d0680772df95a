// The lock of a shared workstation. The server keeps it; this hides what is on screen:
// after the minutes in data-lock-after without a key or a pointer, or when another tab
// was locked, the page goes to the lock page. Locking by hand is a form of its own.
const body = document.body;
const minutes = Number(body.dataset.lockAfter || 0);
const channel = new BroadcastChannel("anji-lock");
const form = () => document.querySelector("form[data-lock]");
let last = Date.now();

function here() {
  last = Date.now();
}

function leave() {
  const lock = form();
  if (lock) lock.requestSubmit();
}

channel.addEventListener("message", ({ data }) => {
  if (data === "locked") location.reload();
  if (data === "here") here();
});

document.addEventListener("submit", ({ target }) => {
  if (!target.matches("form[data-lock]")) return;
  target.elements.next.value = location.pathname + location.search;
  setTimeout(() => channel.postMessage("locked"), 500);
});

if (minutes > 0) {
  let told = 0;
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    addEventListener(kind, () => {
      here();
      if (last - told > 5000) {
        told = last;
        channel.postMessage("here");
      }
    }, { passive: true });
  }
  setInterval(() => {
    if (Date.now() - last > minutes * 60000) leave();
  }, 5000);
}
