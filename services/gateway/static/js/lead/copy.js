// Copying a phone or an address with one click.

import { toast } from "../toasts.js";
import { text } from "../words.js";

/** Bind the buttons with what they copy. */
export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    if (await copy(button.dataset.copy)) toast(text("copied"));
    else toast(text("failed"), { bad: true });
  });
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyBySelection(words); // pages that came without encryption have no clipboard
  }
}

function copyBySelection(words) {
  const field = document.createElement("textarea");
  field.value = words;
  field.className = "v-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
