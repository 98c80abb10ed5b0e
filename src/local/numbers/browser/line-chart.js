import { createPicture, measure } from "./chart-picture.js";
import { fillTable, showTip, valuesAt } from "./chart-values.js";
import { find } from "./find.js";

/** @typedef {import("./chart-picture.js").Drawing} Drawing */

/**
 * Lines over time in a figure, with a cursor that the pointer moves, and the arrow keys, and a table of the same values.
 * @param {HTMLElement} figure
 */
export function createLineChart(figure) {
  const plot = find(".plot", HTMLElement, figure);
  const tip = find(".tip", HTMLElement, figure);
  const spoken = find(".spoken", HTMLElement, figure);
  const details = find("details", HTMLDetailsElement, figure);
  const table = find("table", HTMLTableElement, details);
  /** @type {Drawing | null} */
  let drawing = null;
  /** @type {number | null} */
  let cursor = null;

  const draw = () => {
    if (drawing === null || plot.clientWidth === 0) return;
    const frame = measure(drawing, plot.clientWidth);
    plot.querySelector("svg")?.remove();
    plot.prepend(createPicture(drawing, frame, cursor));
    showTip(tip, drawing, cursor === null ? null : { step: cursor, x: frame.x(cursor), width: frame.width });
    if (details.open) fillTable(table, drawing);
  };
  const moveTo = (/** @type {number | null} */ step) => {
    cursor = step;
    draw();
  };

  plot.addEventListener("pointermove", ({ clientX }) => {
    if (drawing === null) return;
    const left = plot.getBoundingClientRect().left;
    moveTo(measure(drawing, plot.clientWidth).stepAt(clientX - left));
  });
  plot.addEventListener("pointerleave", () => moveTo(null));
  plot.addEventListener("blur", () => moveTo(null));
  plot.addEventListener("keydown", (event) => {
    if (drawing === null) return;
    const next = nextStep(event.key, cursor, drawing.times.length - 1);
    if (next === undefined) return;
    event.preventDefault();
    moveTo(next);
    spoken.textContent = next === null ? "" : valuesAt(drawing, next).join(", ");
  });
  details.addEventListener("toggle", draw);
  new ResizeObserver(draw).observe(plot);
  return {
    /** @param {Drawing} next */
    show(next) {
      drawing = next;
      draw();
    },
  };
}

/**
 * @param {string} key
 * @param {number | null} step
 * @param {number} last
 * @returns {number | null | undefined} undefined: not a key of the chart
 */
function nextStep(key, step, last) {
  if (key === "ArrowLeft") return Math.max(0, (step ?? last + 1) - 1);
  if (key === "ArrowRight") return Math.min(last, (step ?? -1) + 1);
  if (key === "Home") return 0;
  if (key === "End") return last;
  return key === "Escape" && step !== null ? null : undefined;
}
