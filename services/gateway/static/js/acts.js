// What a reader does with a lead, told to its owner.

import { markOwn } from "./live/link.js";
import { post, Refusal } from "./requests.js";
import { text } from "./words.js";

/** Do it and return the owner's answer; Refusal with the words for the reader when he refuses or does not answer. */
export async function act(id, action, fields = {}) {
  markOwn(id);
  try {
    return await post(`/leads/${id}/${action}?${document.body.dataset.query}`, fields);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(0, { error: text("failed") });
  }
}
