const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const regions = new Intl.DisplayNames(["en"], { type: "region" });
const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const exactTime = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** @param {number} count */
export const formatCount = (count) => whole.format(count);

/** @param {number} part @param {number} all */
export const formatShare = (part, all) => (all === 0 ? "–" : percent.format(part / all));

/** @param {number} microUsd */
export const formatDollars = (microUsd) => dollars.format(microUsd / 1e6);

/** @param {number | null} ms */
export const formatMs = (ms) => (ms === null ? "–" : `${whole.format(ms)} ms`);

/** For an axis. @param {number} ms */
export const formatShortMs = (ms) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);

/** @param {string} code ISO 3166-1 */
export const formatCountry = (code) => (code === "" ? "Not known" : (regions.of(code) ?? code));

/** @param {number} at @param {number} stepMs */
export const formatTime = (at, stepMs) => (stepMs < 60_000 ? exactTime : time).format(at);
