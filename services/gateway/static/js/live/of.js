// Changes of one lead, for a window that is open over it.

import { isOwn, on } from "./link.js";

const watched = new Map(); // id → callbacks

on("change", ({ id }) => {
  if (!isOwn(id)) for (const callback of watched.get(id) ?? []) callback();
});

/** Call back when somebody else changes the lead; return the way to stop. */
export function onChangeOf(id, callback) {
  const callbacks = watched.get(id) ?? new Set();
  watched.set(id, callbacks.add(callback));
  return () => callbacks.delete(callback);
}
