import { formatTime } from "./format.js";
import { labelledSteps, logarithmicTicks, valueTicks } from "./scale.js";
import { bandPath, linePath, svg } from "./svg.js";

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {string} kind the class that gives it its colour
 * @property {readonly (number | null)[]} values one a step, of which the last is not over yet
 * @property {boolean} [isFilled] down to zero
 */

/**
 * @typedef {object} Drawing
 * @property {readonly number[]} times where each step begins
 * @property {number} stepMs
 * @property {readonly Series[]} series
 * @property {boolean} [isBand] the area between the first two series is filled
 * @property {boolean} [isLogarithmic]
 * @property {(value: number | null) => string} format
 * @property {(value: number) => string} formatTick
 */

/** @typedef {ReturnType<typeof measure>} Frame */

const HEIGHT = 208;
const MARGIN = { top: 10, right: 12, bottom: 26, left: 52 };

/**
 * Where the steps and values of a drawing are, in pixels.
 * @param {Drawing} drawing
 * @param {number} width
 */
export function measure({ times, series, isLogarithmic = false }, width) {
  const inner = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const last = Math.max(1, times.length - 1);
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const ticks = isLogarithmic ? logarithmicTicks(known) : valueTicks(Math.max(1, ...known));
  const scaled = (/** @type {number} */ value) => (isLogarithmic ? Math.log(Math.max(1, value)) : value);
  const [bottom, top] = [scaled(ticks[0] ?? 0), scaled(ticks.at(-1) ?? 1)];
  return {
    width,
    ticks,
    /** @param {number} index */
    x: (index) => MARGIN.left + (inner.width * index) / last,
    /** @param {number} value */
    y: (value) => MARGIN.top + (inner.height * (top - scaled(value))) / (top - bottom),
    /** @param {number} x */
    stepAt: (x) => Math.max(0, Math.min(last, Math.round(((x - MARGIN.left) / inner.width) * last))),
  };
}

/**
 * @param {Drawing} drawing
 * @param {Frame} frame
 * @param {number | null} cursor a step
 */
export function createPicture(drawing, frame, cursor) {
  return svg("svg", { width: frame.width, height: HEIGHT, "aria-hidden": "true" }, [
    ...axes(drawing, frame),
    ...areas(drawing, frame),
    ...drawing.series.flatMap((series) => lines(series, frame)),
    ...(cursor === null ? [] : cursorMarks(drawing, frame, cursor)),
  ]);
}

/** @param {Drawing} drawing @param {Frame} frame */
function axes({ times, stepMs, formatTick }, { ticks, width, x, y }) {
  const right = x(times.length - 1);
  const rows = ticks.flatMap((tick) => [
    svg("line", { class: "grid", x1: MARGIN.left, x2: right, y1: y(tick), y2: y(tick) }),
    svg("text", { class: "label", x: MARGIN.left - 8, y: y(tick) + 4, "text-anchor": "end" }, [
      formatTick(tick),
    ]),
  ]);
  const places = labelledSteps(times.length, width - MARGIN.left);
  const columns = places.map((index, place) => {
    const anchor = place === 0 ? "start" : place === places.length - 1 ? "end" : "middle";
    const label = formatTime(times[index] ?? 0, stepMs);
    return svg("text", { class: "label", x: x(index), y: HEIGHT - 6, "text-anchor": anchor }, [label]);
  });
  return [...rows, ...columns];
}

/** @param {Drawing} drawing @param {Frame} frame */
function areas({ series, isBand = false }, { x, y }) {
  const area = (/** @type {Series} */ { kind, values }, /** @type {readonly (number | null)[]} */ low) =>
    svg("path", { class: `area ${kind}`, d: bandPath({ low, high: values.slice(0, -1) }, x, y) });
  const [first, second] = series;
  const filled = series.filter(({ isFilled }) => isFilled).map((one) => area(one, []));
  return isBand && first && second ? [...filled, area(second, first.values)] : filled;
}

/** The step that is not over yet is drawn faintly: it would look like a fall. @param {Series} series @param {Frame} frame */
function lines({ kind, values }, { x, y }) {
  const isOver = (/** @type {number} */ index) => index < values.length - 1;
  const over = values.map((value, index) => (isOver(index) ? value : null));
  const pending = values.map((value, index) => (isOver(index + 1) ? null : value));
  return [
    svg("path", { class: `line ${kind}`, d: linePath(over, x, y) }),
    svg("path", { class: `line pending ${kind}`, d: linePath(pending, x, y) }),
  ];
}

/** @param {Drawing} drawing @param {Frame} frame @param {number} index */
function cursorMarks({ series }, { ticks, x, y }, index) {
  const dots = series.flatMap(({ kind, values }) => {
    const value = values[index] ?? null;
    return value === null ? [] : [svg("circle", { class: `dot ${kind}`, cx: x(index), cy: y(value), r: 4 })];
  });
  const [y1, y2] = [y(ticks.at(-1) ?? 0), y(ticks[0] ?? 0)];
  return [svg("line", { class: "cursor", x1: x(index), x2: x(index), y1, y2 }), ...dots];
}
