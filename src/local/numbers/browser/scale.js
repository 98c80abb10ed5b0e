const STEPS = [1, 2, 2.5, 5, 10];

/**
 * Whole values from 0 up for a vertical axis, three to five of them; the last is the top.
 * @param {number} most
 * @returns {readonly number[]}
 */
export function valueTicks(most) {
  if (most <= 4) return Array.from({ length: Math.max(1, Math.ceil(most)) + 1 }, (_, index) => index);
  const magnitude = 10 ** Math.floor(Math.log10(most / 4));
  const step = STEPS.map((one) => one * magnitude).find((one) => one * 4 >= most && Number.isInteger(one));
  const size = step ?? magnitude * 10;
  return Array.from({ length: Math.ceil(most / size) + 1 }, (_, index) => index * size);
}

/**
 * Values for a logarithmic axis around all that are known, 1, 2, 5, 10, 20 and so on; the last is the top.
 * @param {readonly number[]} values
 * @returns {readonly number[]}
 */
export function logarithmicTicks(values) {
  const known = values.map((value) => Math.max(1, value));
  const [least, most] = known.length === 0 ? [1, 10] : [Math.min(...known), Math.max(...known)];
  const all = Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
  const first = all.findLastIndex((tick) => tick <= least);
  const last = all.findIndex((tick) => tick >= most && tick > (all[first] ?? 0));
  const around = all.slice(first, last + 1);
  // Over several decades their beginnings are enough.
  return around.length <= 6
    ? around
    : around.filter((tick, index) => isEdge(index, around) || isDecade(tick));
}

/** @param {number} index @param {readonly number[]} ticks */
const isEdge = (index, ticks) => index === 0 || index === ticks.length - 1;

/** @param {number} tick */
const isDecade = (tick) => Number.isInteger(Math.log10(tick));

/**
 * The places of the steps that get a label on the horizontal axis.
 * @param {number} count
 * @param {number} width in pixels
 */
export function labelledSteps(count, width) {
  const labels = Math.max(2, Math.min(6, Math.floor(width / 110)));
  return Array.from({ length: labels }, (_, index) => Math.round((index * (count - 1)) / (labels - 1)));
}
