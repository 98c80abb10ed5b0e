const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} attributes
 * @param {readonly (Node | string)[]} [children]
 */
export function svg(name, attributes, children = []) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * A line through what is known; where a value is null it breaks off, and a value alone is a dot.
 * @param {readonly (number | null)[]} values
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 */
export function linePath(values, x, y) {
  const parts = values.map((value, index) => {
    if (value === null) return "";
    const isFirst = index === 0 || values[index - 1] === null;
    return `${isFirst ? "M" : "L"}${round(x(index))} ${round(y(value))}${isFirst ? "h0" : ""}`;
  });
  return parts.join("");
}

/**
 * The area between two lines; where the upper one is null it breaks off.
 * @param {{ readonly low: readonly (number | null)[], readonly high: readonly (number | null)[] }} between
 * @param {(index: number) => number} x
 * @param {(value: number) => number} y
 */
export function bandPath({ low, high }, x, y) {
  const pointsOf = (/** @type {readonly number[]} */ run, /** @type {readonly (number | null)[]} */ values) =>
    run.map((index) => `${round(x(index))} ${round(y(values[index] ?? 0))}`);
  return runsOf(high)
    .map((run) => `M${[...pointsOf(run, high), ...pointsOf(run.toReversed(), low)].join("L")}Z`)
    .join("");
}

/**
 * The places of what is known, in a row without a gap each.
 * @param {readonly (number | null)[]} values
 */
function runsOf(values) {
  /** @type {number[][]} */
  const runs = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (index === 0 || values[index - 1] === null) runs.push([]);
    runs.at(-1)?.push(index);
  }
  return runs;
}

/** @param {number} pixels */
const round = (pixels) => Math.round(pixels * 10) / 10;
