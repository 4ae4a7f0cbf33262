// The keys of a lead's card.

const DIALOGS = { h: "hand-over", r: "reject" };

/** Handle a letter; return whether it was one of ours. */
export function leadKey(letter, event) {
  if (event.key === "Escape" && document.activeElement === document.body) {
    document.querySelector(".v-crumbs a").click();
    return true;
  }
  const button = DIALOGS[letter] && document.querySelector(`.v-lead-head [data-dialog="${DIALOGS[letter]}"]`);
  button?.click();
  return Boolean(button);
}
