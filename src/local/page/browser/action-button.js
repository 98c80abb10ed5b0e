import { countDown, toClock } from "./countdown.js";

/** @typedef {ReturnType<typeof createActionButton>} ActionButton */

/**
 * A button that says what it does, is doing, or will do when the wait is over. It is never `disabled`, which would take
 * the focus away from whoever has just pressed it.
 * @param {HTMLButtonElement} button
 * @param {() => unknown} act
 */
export function createActionButton(button, act) {
  /** @type {(() => void) | undefined} */
  let stop;

  /** @param {string} state @param {string} label */
  const set = (state, label) => {
    stop?.();
    button.dataset.state = state;
    button.ariaDisabled = String(state !== "ready");
    button.textContent = label;
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (button.dataset.state === "ready") act();
  });
  return {
    /** @param {string} label */
    ready: (label) => set("ready", label),
    /** @param {string} label */
    busy: (label) => set("busy", label),
    /**
     * @param {number} until in ms
     * @param {string} label
     */
    wait(until, label) {
      set("waiting", label);
      stop = countDown(until, (seconds) => {
        if (seconds === 0) set("ready", label);
        else button.textContent = `${label} in ${toClock(seconds)}`;
      });
    },
    focus: () => button.focus(),
  };
}
