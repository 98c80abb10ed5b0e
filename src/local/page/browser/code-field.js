import { find } from "./find.js";
import { toAsciiDigits } from "./phone-number.js";

/**
 * One input, for autofill, paste and screen readers, over boxes that are drawn for the eye alone.
 * @param {HTMLElement} element
 * @param {{ onEdit: () => void, onComplete: () => unknown }} on
 */
export function createCodeField(element, { onEdit, onComplete }) {
  const input = find("input", HTMLInputElement, element);
  const boxes = find(".boxes", HTMLElement, element);
  let length = 0;
  let taken = "";
  let isNext = false;

  const draw = () => {
    for (const [index, box] of [...boxes.children].entries()) {
      const state = index < input.value.length ? "filled" : index === input.value.length ? "next" : "";
      box.setAttribute("data-state", state);
    }
  };
  const write = (/** @type {string} */ code) => {
    if (input.value !== code) input.value = code;
    draw();
  };
  const take = (/** @type {string} */ text) => {
    if (input.readOnly) return;
    const code = readCode(text, length);
    const isNew = code !== taken;
    taken = code;
    write(code);
    isNext ||= isNew;
    if (isNew) onEdit();
    if (isNew && code.length === length) onComplete();
  };
  input.addEventListener("input", () => take(input.value));
  // With all boxes full, what is typed into one takes its place, as it looks.
  input.addEventListener("beforeinput", ({ data, inputType }) => {
    const { selectionStart: start, selectionEnd: end, value } = input;
    const isOneMore = inputType === "insertText" && data?.length === 1 && value.length === length;
    if (isOneMore && start !== null && start === end) input.setSelectionRange(start, start + 1);
  });

  return {
    read: () => input.value,
    take,
    /** @param {number} digits */
    reset(digits) {
      length = digits;
      input.readOnly = false;
      taken = "";
      isNext = false;
      element.style.setProperty("--length", String(digits));
      boxes.replaceChildren(...Array.from({ length: digits }, () => document.createElement("span")));
      write("");
    },
    /** Its code is on its way: what is typed from here on is the next one, and takes the place of all of it. */
    handOver() {
      isNext = false;
      if (document.activeElement === input) input.select();
    },
    /** What was typed since then, or "". */
    next: () => (isNext ? input.value : ""),
    /** Ready for another try: what is typed next takes its place. */
    select() {
      input.focus();
      input.select();
      taken = "";
    },
    focus: () => input.focus(),
    /** Until the next reset. */
    lock() {
      input.readOnly = true;
    },
  };
}

/**
 * The code in what was typed or pasted, which may be a whole SMS.
 * @param {string} text
 * @param {number} length
 */
export function readCode(text, length) {
  const plain = toAsciiDigits(text);
  const alone = new RegExp(`(?<!\\d)\\d{${length}}(?!\\d)`).exec(plain)?.[0];
  return alone ?? plain.replaceAll(/\D/g, "").slice(0, length);
}
