import { explain } from "./plain-words.js";

/** What the person mends by typing something else. */
const ABOUT_FIELD = new Set([
  "INVALID_REQUEST",
  "INVALID_PHONE",
  "COUNTRY_NOT_ALLOWED",
  "NUMBER_NOT_ALLOWED",
  "OTP_SEND_FAILED",
  "OTP_INVALID",
]);

/**
 * The place of one step where problems are told, aloud too.
 * @param {HTMLElement} element with `role=alert`
 * @param {HTMLElement} [field] whose content some problems are about
 */
export function createNotice(element, field) {
  /** @param {readonly string[]} lines @param {boolean} isAboutField */
  const write = (lines, isAboutField) => {
    element.replaceChildren(...lines.filter(Boolean).map(createLine));
    field?.setAttribute("aria-invalid", String(isAboutField));
    if (isAboutField) field?.focus();
  };
  return {
    clear: () => write([], false),
    /** @param {string} line */
    tell: (line) => write([line], false),
    /** @param {string} line */
    blameField: (line) => write([line], true),
    /** @param {import("./service.js").Problem} problem */
    show(problem) {
      const { message, hint } = explain(problem);
      write([message, hint], ABOUT_FIELD.has(problem.code));
    },
  };
}

/** @param {string} text */
function createLine(text) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}
