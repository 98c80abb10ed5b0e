import { find } from "./find.js";
import { formatCount, formatDollars, formatShare } from "./format.js";
import { bandPath, linePath, svg } from "./svg.js";

/** @typedef {import("../summary.ts").Summary} Summary */
/** @typedef {import("../summary.ts").Tally} Tally */

const WIDTH = 120;
const HEIGHT = 28;

/** @type {readonly { readonly id: string, readonly kind: string, readonly value: (tally: Tally) => string, readonly note: (tally: Tally) => string, readonly spark: (tally: Tally) => number | null }[]} */
const TILES = [
  {
    id: "sent",
    kind: "sent",
    value: ({ sent }) => formatCount(sent),
    note: ({ requests }) => `of ${formatCount(requests)} ${requests === 1 ? "request" : "requests"}`,
    spark: ({ sent }) => sent,
  },
  {
    id: "verified",
    kind: "verified",
    value: ({ verified }) => formatCount(verified),
    note: () => "with the right code",
    spark: ({ verified }) => verified,
  },
  {
    id: "conversion",
    kind: "verified",
    value: ({ verified, sent }) => formatShare(verified, sent),
    note: () => "sign-ins for each SMS",
    spark: ({ verified, sent }) => (sent === 0 ? null : Math.min(1, verified / sent)),
  },
  {
    id: "refused",
    kind: "refused",
    value: ({ refused, failed }) => formatCount(refused + failed),
    note: ({ failed, held }) => {
      const guarded = held === 0 ? "" : `, ${formatCount(held)} seen by the guard`;
      return `${failed === 0 ? "none" : formatCount(failed)} for a fault of ours${guarded}`;
    },
    spark: ({ refused, failed }) => refused + failed,
  },
  {
    id: "spend",
    kind: "spend",
    value: ({ microUsd }) => (microUsd === 0 ? "–" : formatDollars(microUsd)),
    note: ({ microUsd, sent }) =>
      microUsd === 0 || sent === 0 ? "no POLICY.smsPricesUsd" : `${formatCents(microUsd / sent)} an SMS`,
    spark: ({ microUsd }) => microUsd,
  },
];

/** @param {number} microUsd */
const formatCents = (microUsd) => `${(microUsd / 1e4).toFixed(2)} ¢`;

/** @param {Summary} summary */
export function showTiles({ total, steps }) {
  for (const { id, kind, value, note, spark } of TILES) {
    const tile = find(`#tile-${id}`, HTMLElement);
    find(".value", HTMLElement, tile).textContent = value(total);
    find(".note", HTMLElement, tile).textContent = note(total);
    tile.querySelector("svg")?.remove();
    tile.append(sparkline(kind, steps.slice(0, -1).map(spark)));
  }
}

/** @param {string} kind @param {readonly (number | null)[]} values */
function sparkline(kind, values) {
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const x = (/** @type {number} */ index) => (WIDTH * index) / Math.max(1, values.length - 1);
  const y = (/** @type {number} */ value) => HEIGHT - 2 - ((HEIGHT - 4) * value) / most;
  return svg(
    "svg",
    {
      class: "spark",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    [
      svg("path", { class: `area ${kind}`, d: bandPath({ low: [], high: values }, x, y) }),
      svg("path", { class: `line ${kind}`, d: linePath(values, x, y) }),
    ],
  );
}
