import { find } from "./find.js";
import { formatCount, formatCountry, formatDollars, formatMs, formatShare } from "./format.js";

/** @typedef {import("../summary.ts").Summary} Summary */
/** @typedef {import("../summary.ts").Quantiles} Quantiles */
/** @typedef {Summary["groups"][number]} Group */

/** @param {Quantiles | null} quantiles */
const both = (quantiles) =>
  quantiles === null ? "–" : `${formatCount(quantiles.p50)} / ${formatMs(quantiles.p99)}`;

/** @type {readonly (readonly [string, (group: Group) => string])[]} */
const COLUMNS = [
  ["Country", ({ country }) => formatCountry(country)],
  ["SMS", ({ sent }) => formatCount(sent)],
  ["Signed in", ({ verified }) => formatCount(verified)],
  ["Conversion", ({ verified, sent }) => formatShare(verified, sent)],
  ["Refused", ({ refused, failed }) => formatCount(refused + failed)],
  ["Store p50 / p99", ({ store }) => both(store)],
  ["SNS p50 / p99", ({ sms }) => both(sms)],
  ["Spend", ({ microUsd }) => (microUsd === 0 ? "–" : formatDollars(microUsd))],
];

/** A row for each role and country, the most SMS first. @param {Summary} summary */
export function showGroups({ groups }) {
  const body = find("#groups tbody", HTMLTableSectionElement);
  body.replaceChildren(...groups.map(createRow));
  find("#groups", HTMLElement).hidden = groups.length === 0;
  find("#no-groups", HTMLElement).hidden = groups.length > 0;
}

/** @param {Group} group */
function createRow(group) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = group.role;
  row.append(
    head,
    ...COLUMNS.map(([name, textOf]) => {
      const cell = document.createElement("td");
      cell.textContent = textOf(group);
      cell.dataset.label = name;
      if (cell.textContent === "–") cell.dataset.empty = "";
      return cell;
    }),
  );
  return row;
}
