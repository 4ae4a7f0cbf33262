// The counter in the tab's title: what came while the reader looked elsewhere.

const base = document.title;
let missed = 0;

/** Count the leads that came while nobody looked at this tab. */
export function countInTitle(more) {
  if (document.hasFocus() && !document.hidden) return;
  missed += more;
  document.title = `(${missed > 99 ? "99+" : missed}) ${base}`;
}

/** Forget the counter as soon as somebody looks. */
export function startTitle() {
  const forget = () => {
    if (document.hidden) return;
    missed = 0;
    document.title = base;
  };
  window.addEventListener("focus", forget);
  document.addEventListener("visibilitychange", forget);
}
