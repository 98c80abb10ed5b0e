import type { Config } from "../config.ts";
import type { App } from "../config/apps.ts";
import type { WorstCase } from "../config/worst-case.ts";
import { worstCases } from "../config/worst-case.ts";
import { septetsOf } from "../sms/gsm7.ts";
import { inCountry } from "../sms/in-country.ts";
import { INDIA_REGIONS, regionsFor } from "../sms/region-order.ts";

/** So few characters that somebody may have meant others. */
const FEW_CHARACTERS = 3;

/** What works, but hardly as it was meant: one sentence each, with its place. */
export function configWarnings({ apps, policy, sns }: Config): readonly string[] {
  return [...apps.byRole.values()].flatMap((app) => [
    ...registrationWarnings(app),
    ...regionWarnings(app, sns.regions),
    ...senderWarnings(app),
    ...worstCases(app, policy).flatMap((worst) => [...alphabetWarnings(worst), ...digitWarnings(worst)]),
  ]);
}

function registrationWarnings(app: App): readonly string[] {
  const { dlt } = inCountry(app, "IN");
  if (dlt === undefined || !app.countries.includes("IN")) return [];
  if (dlt.text === undefined)
    return [`${app.role}: dlt has no text, so nothing holds what is sent to what is registered`];
  const addsLines = app.androidHash !== undefined || app.webDomain !== undefined;
  const isWhole = dlt.text.startsWith("<#> ") || /\n@\S+ #\{#var#\}$/.test(dlt.text);
  return addsLines && !isWhole
    ? [`${app.role}: dlt.text is the sentence alone, but autofill adds lines: have the whole SMS registered`]
    : [];
}

function regionWarnings(app: App, regions: Config["sns"]["regions"]): readonly string[] {
  const isRegistered = app.countries.includes("IN") && inCountry(app, "IN").dlt !== undefined;
  if (!isRegistered) return [];
  const order = regionsFor(regions, { country: "IN", e164: "+91", isRegistered });
  const abroad = order.filter((region) => !INDIA_REGIONS.includes(region));
  return abroad.length > 0
    ? [`SNS_REGIONS has ${abroad.join(", ")} for India, where the DLT ids of ${app.role} count for nothing`]
    : [];
}

function senderWarnings(app: App): readonly string[] {
  const places = [
    [app.role, app] as const,
    ...Object.entries(app.byCountry ?? {}).map(
      ([iso, own]) => [`${app.role}.byCountry.${iso}`, own] as const,
    ),
  ];
  return places.flatMap(([place, { senderId, originationNumber }]) =>
    senderId === undefined || originationNumber === undefined
      ? []
      : [`${place} has a senderId and an originationNumber: SNS may take either`],
  );
}

function alphabetWarnings({ path, text }: WorstCase): readonly string[] {
  const outside = new Set(Array.from(text).filter((character) => septetsOf(character) === null));
  return outside.size > 0 && outside.size <= FEW_CHARACTERS
    ? [`${path.join(".")} is UCS-2 only for ${[...outside].join(" ")}, which GSM-7 lacks`]
    : [];
}

function digitWarnings({ path, sentence }: WorstCase): readonly string[] {
  return /(?<!\p{Nd})\p{Nd}{4,10}(?!\p{Nd})/u.test(sentence)
    ? [`${path.join(".")} has other digits in a row, which a phone may offer as the code`]
    : [];
}
