import { find } from "./find.js";

/**
 * Tells those who do not see the page what goes on.
 * @param {string} text
 */
export function tellProgress(text) {
  find("#progress", HTMLElement).textContent = text;
}
