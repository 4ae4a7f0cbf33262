// Columns fold to a narrow strip; which ones, each browser remembers.

const KEY = "voronka.folded";

/** Fold as remembered and bind the buttons. */
export function startFold() {
  const remembered = read();
  for (const column of document.querySelectorAll("[data-column]")) {
    const folded = remembered[column.dataset.column];
    if (folded !== undefined) fold(column, folded);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (!button) return;
    const column = button.closest("[data-column]");
    const folded = !column.classList.contains("v-col-folded");
    fold(column, folded);
    localStorage.setItem(KEY, JSON.stringify({ ...read(), [column.dataset.column]: folded }));
  });
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function fold(column, folded) {
  const button = column.querySelector("[data-fold]");
  const words = folded ? button.dataset.whenFolded : button.dataset.whenOpen;
  column.classList.toggle("v-col-folded", folded);
  button.setAttribute("aria-expanded", String(!folded));
  button.setAttribute("aria-label", words);
  button.title = words;
}
