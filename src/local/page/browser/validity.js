import { countDown, toClock } from "./countdown.js";
import { tellProgress } from "./progress.js";

/**
 * How long a code can still be used.
 * @param {HTMLElement} element
 * @param {() => void} onOver
 */
export function createValidity(element, onOver) {
  /** @type {(() => void) | undefined} */
  let stop;
  return {
    /** @param {number} expiresAt in ms */
    start(expiresAt) {
      stop?.();
      stop = countDown(expiresAt, (seconds) => {
        element.textContent = `Valid for ${toClock(seconds)}`;
        element.toggleAttribute("data-short", seconds <= 60);
        if (seconds === 60) tellProgress("The code is valid for one more minute.");
        if (seconds === 0) onOver();
      });
    },
    stop() {
      stop?.();
      element.textContent = "";
    },
  };
}
