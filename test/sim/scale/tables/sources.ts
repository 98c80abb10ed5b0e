import { markdownTable } from "../../../report/markdown-table.ts";
import { short } from "../../../report/format.ts";
import { LIMITS, PUBLISH_PER_SECOND } from "../limits.ts";
import { SMS_PRICES } from "../../sms-prices.ts";
import { INDIA_INTERNATIONAL_DOLLARS, PRICES } from "../prices.ts";
import type { Source, SourceName } from "../source.ts";
import { SOURCES } from "../source.ts";

const READ: Readonly<Record<Source["read"], string>> = {
  page: "stored copy of the page",
  quoted: "**not verified here**: as others quote the page",
  ours: "this repository",
};

export function priceTable(): string {
  return markdownTable(
    ["price", "$", "for a", "source"],
    Object.values(PRICES).map(({ name, dollars, unit, source }) => [
      name,
      String(dollars),
      unit,
      keyOf(source),
    ]),
  );
}

export function smsTable(): string {
  const rows = Object.entries(SMS_PRICES).map(([country, { sns, twilio }]) => [
    country,
    short(sns),
    twilio === null ? "–" : short(twilio),
  ]);
  const abroad = ["IN, international route", short(INDIA_INTERNATIONAL_DOLLARS), "–"];
  return markdownTable(
    ["a part of an SMS to", `SNS, $ (${keyOf("smsPrices")})`, `Twilio, $ (${keyOf("twilioSms")})`],
    [...rows, abroad],
  );
}

export function limitTable(): string {
  const publishes = Object.entries(PUBLISH_PER_SECOND).map(([region, perSecond]) => [
    `SNS: Publish a second, ${region}`,
    short(perSecond),
    "Service Quotas, on request",
    keyOf("snsQuotas"),
  ]);
  const limits = Object.values(LIMITS).map(({ name, value, lifted, source }) => [
    name,
    value >= 1e9 ? `${value / 1e9} GB` : short(value),
    lifted,
    keyOf(source),
  ]);
  return markdownTable(["limit", "", "lifted by", "source"], [...limits, ...publishes]);
}

export function sourceTable(): string {
  const names = Object.keys(SOURCES) as SourceName[];
  return markdownTable(
    ["source", "", "", "how it was read"],
    names.map((name) => {
      const { title, url, read, at }: Source = SOURCES[name];
      return [keyOf(name), title, url, [READ[read], at].filter((text) => text !== "").join(", ")];
    }),
  );
}

/** `S1` and so on. */
function keyOf(name: SourceName): string {
  return `S${Object.keys(SOURCES).indexOf(name) + 1}`;
}
