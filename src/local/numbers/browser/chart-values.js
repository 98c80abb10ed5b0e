import { formatTime } from "./format.js";

/** @typedef {import("./chart-picture.js").Drawing} Drawing */

/**
 * What a drawing says of one step, the time first.
 * @param {Drawing} drawing
 * @param {number} index
 */
export function valuesAt({ times, stepMs, series, format }, index) {
  const values = series.map(({ name, values: all }) => `${name} ${format(all[index] ?? null)}`);
  return [formatTime(times[index] ?? 0, stepMs), ...values];
}

/**
 * Beside the cursor, on the side where there is room.
 * @param {HTMLElement} tip
 * @param {Drawing} drawing
 * @param {{ step: number, x: number, width: number } | null} cursor
 */
export function showTip(tip, drawing, cursor) {
  tip.hidden = cursor === null;
  if (cursor === null) return;
  const rows = valuesAt(drawing, cursor.step).map((text, place) => {
    const row = document.createElement("span");
    row.textContent = text;
    row.className = place === 0 ? "tip-time" : `key ${drawing.series[place - 1]?.kind ?? ""}`;
    return row;
  });
  tip.replaceChildren(...rows);
  const isRight = cursor.x > cursor.width / 2;
  tip.style.left = isRight ? "" : `${cursor.x + 12}px`;
  tip.style.right = isRight ? `${cursor.width - cursor.x + 12}px` : "";
}

/**
 * All values of a drawing, the newest first.
 * @param {HTMLTableElement} table
 * @param {Drawing} drawing
 */
export function fillTable(table, { times, stepMs, series, format }) {
  const head = document.createElement("tr");
  head.append(...["Time", ...series.map(({ name }) => name)].map((text) => cell("th", text)));
  const rows = times.map((at, index) => {
    const row = document.createElement("tr");
    const values = series.map(({ values: all }) => cell("td", format(all[index] ?? null)));
    row.append(cell("th", formatTime(at, stepMs)), ...values);
    return row;
  });
  table.tHead?.replaceChildren(head);
  table.tBodies[0]?.replaceChildren(...rows.toReversed());
}

/** @param {"th" | "td"} name @param {string} text */
function cell(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
