import { createFilters } from "./filters.js";
import { find } from "./find.js";
import { formatCount, formatMs, formatShortMs } from "./format.js";
import { showGroups } from "./groups.js";
import { createLineChart } from "./line-chart.js";
import { showRefusals } from "./refusals.js";
import { showTiles } from "./tiles.js";

/** @typedef {import("../summary.ts").Summary} Summary */

const REFRESH_MS = 2000;

const state = find("#state", HTMLElement);
const pause = find("#pause", HTMLButtonElement);
const traffic = createLineChart(find("#traffic", HTMLElement));
const upstreams = /** @type {const} */ (["store", "sms"]).map((name) => ({
  name,
  chart: createLineChart(find(`#${name}`, HTMLElement)),
}));

let isPaused = false;
let newest = 0;
const filters = createFilters(() => void refresh());

/** An answer that comes after one that was asked for later is not shown. */
async function refresh() {
  newest += 1;
  const mine = newest;
  try {
    const response = await fetch(`/numbers/summary?${filters.query()}`);
    if (!response.ok) throw new Error(String(response.status));
    /** @type {Summary} */
    const summary = await response.json();
    if (mine === newest) show(summary);
  } catch {
    if (mine === newest) setState("lost", "Not connected, trying again …");
  }
}

/** @param {Summary} summary */
function show(summary) {
  const { total, steps, stepMs } = summary;
  const isEmpty = summary.roles.length === 0 && total.requests === 0;
  find("#empty", HTMLElement).hidden = !isEmpty;
  find("#content", HTMLElement).hidden = isEmpty;
  setState("connected", isPaused ? "Paused" : "Live");
  filters.offer(summary);
  showTiles(summary);
  showRefusals(summary);
  showGroups(summary);
  const times = steps.map(({ at }) => at);
  traffic.show({
    times,
    stepMs,
    series: [
      { name: "SMS", kind: "sent", values: steps.map(({ sent }) => sent), isFilled: true },
      { name: "Signed in", kind: "verified", values: steps.map(({ verified }) => verified), isFilled: true },
      { name: "Refused", kind: "refused", values: steps.map(({ refused, failed }) => refused + failed) },
    ],
    format: (value) => formatCount(value ?? 0),
    formatTick: formatCount,
  });
  for (const { name, chart } of upstreams) {
    const half = steps.map((step) => step[name]?.p50 ?? null);
    const slow = steps.map((step) => step[name]?.p99 ?? null);
    find(`#${name} .p50`, HTMLElement).textContent = formatMs(total[name]?.p50 ?? null);
    find(`#${name} .p99`, HTMLElement).textContent = formatMs(total[name]?.p99 ?? null);
    chart.show({
      times,
      stepMs,
      series: [
        { name: "p50", kind: `${name}-p50`, values: half },
        { name: "p99", kind: `${name}-p99`, values: slow },
      ],
      isBand: true,
      isLogarithmic: true,
      format: formatMs,
      formatTick: formatShortMs,
    });
  }
}

/** @param {string} name @param {string} text */
function setState(name, text) {
  if (state.textContent === text) return;
  state.dataset.state = name;
  state.textContent = text;
}

pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.textContent = isPaused ? "Go on" : "Pause";
  if (!isPaused) return void refresh();
  // The answer on its way is for nobody.
  newest += 1;
  setState("paused", "Paused");
});

setInterval(() => {
  if (!isPaused && document.visibilityState === "visible") void refresh();
}, REFRESH_MS);
document.addEventListener("visibilitychange", () => {
  if (!isPaused && document.visibilityState === "visible") void refresh();
});
void refresh();
