import { find } from "./find.js";

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
export function createCopyButton(button, text) {
  button.addEventListener("click", () => {
    void copy(button, text);
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl-C";
  }
  find("#announcer", HTMLElement).textContent = button.textContent;
  setTimeout(() => (button.textContent = "Copy"), 1600);
}
