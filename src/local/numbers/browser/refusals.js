import { find } from "./find.js";
import { formatCount, formatShare } from "./format.js";
import { inWords } from "./plain-words.js";

/** @typedef {import("../summary.ts").Summary} Summary */
/** @typedef {import("../summary.ts").Refusal} Refusal */

/** Why requests were refused, the most frequent first. @param {Summary} summary */
export function showRefusals({ refusals, total }) {
  const most = Math.max(1, ...refusals.map(({ count }) => count));
  const all = total.refused + total.failed;
  find("#refusals", HTMLElement).replaceChildren(
    ...refusals.map((refusal) => createRow(refusal, { most, all })),
  );
  find("#no-refusals", HTMLElement).hidden = refusals.length > 0;
}

/**
 * @param {Refusal} refusal
 * @param {{ most: number, all: number }} of
 */
function createRow({ outcome, reason, status, count }, { most, all }) {
  const row = find("#refusal", HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(row instanceof HTMLElement)) throw new Error("The template is empty");
  find(".words", HTMLElement, row).textContent = inWords(outcome, reason);
  find(".code", HTMLElement, row).textContent = `${status} ${outcome}`;
  find(".count", HTMLElement, row).textContent = formatCount(count);
  find(".share", HTMLElement, row).textContent = formatShare(count, all);
  const bar = find(".bar-fill", HTMLElement, row);
  bar.style.width = `${(100 * count) / most}%`;
  row.dataset.kind = status >= 500 ? "failed" : "refused";
  return row;
}
