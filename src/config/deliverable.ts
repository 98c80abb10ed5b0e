import { registeredTemplate, tagsOf } from "../sms/choose-template.ts";
import { inCountry } from "../sms/in-country.ts";
import { regionsFor } from "../sms/region-order.ts";
import { BUILT_IN_TEMPLATES, PURPOSES } from "../sms/template.ts";
import type { App, Apps } from "./apps.ts";
import type { Policy } from "./policy.ts";
import type { Problem } from "./problem.ts";
import { nameOnly } from "./problem.ts";
import type { Regions } from "./regions.ts";
import type { WorstCase } from "./worst-case.ts";
import { worstCases } from "./worst-case.ts";

/** SMS that one may cost where its role says nothing. */
const DEFAULT_MAX_PARTS = 3;
/** What Android's SMS Retriever reads, and what SNS takes, in bytes. */
const RETRIEVER_BYTES = 140;
const SNS_BYTES = 1600;

/** What the other bindings have become; undefined for one that has a problem of its own. */
export interface Bindings {
  readonly apps: Apps | undefined;
  readonly policy: Policy | undefined;
  readonly regions: Regions | undefined;
}

/** What no field alone can tell: whether each role's SMS can arrive, in the longest form that the policy allows. */
export function undeliverable({ apps, policy, regions }: Bindings): readonly Problem[] {
  if (apps === undefined) return [];
  const all = [...apps.byRole.values()];
  return [
    ...all.flatMap((app) => (policy === undefined ? [] : textProblems(app, policy))),
    ...all.flatMap(registrationProblems),
    ...all.flatMap(fallbackProblems),
    ...(regions === undefined ? [] : all.flatMap((app) => regionProblems(app, regions)).slice(0, 1)),
  ];
}

function textProblems(app: App, policy: Policy): readonly Problem[] {
  return worstCases(app, policy).flatMap((worst) => {
    const wants =
      lineProblem(worst, app) ?? digitsProblem(worst, policy.codeLength) ?? sizeProblem(worst, app);
    if (wants === null) return [];
    return [inApps(worst.path, worst.isBuiltIn ? `(the built-in one) ${wants}` : wants)];
  });
}

function lineProblem({ sentence }: WorstCase, { androidHash }: App): string | null {
  if (/^@\S+ #/m.test(sentence)) return "wants no line like @domain #code: webDomain adds it, as the last";
  if (androidHash === undefined || !(sentence.includes("<#>") || sentence.includes(androidHash))) return null;
  return "wants neither <#> nor the hash: androidHash adds both";
}

/** Some apps read the first digits that are enough for a code, even out of more, others any row of just so many. */
function digitsProblem({ sentence }: WorstCase, codeLength: number): string | null {
  if (/\p{Nd}\{code\}|\{code\}\p{Nd}/u.test(sentence)) return "wants no digit right beside {code}";
  const place = sentence.indexOf("{code}");
  const isTaken = [...sentence.matchAll(/\p{Nd}+/gu)].some(({ 0: row, index }) => {
    const length = Array.from(row).length;
    return length === codeLength || (length > codeLength && index < place);
  });
  return isTaken ? "wants no other digits in a row that could be taken for the code" : null;
}

function sizeProblem({ size }: WorstCase, { androidHash, maxParts = DEFAULT_MAX_PARTS }: App): string | null {
  const { bytes, encoding, parts } = size;
  if (androidHash !== undefined && bytes > RETRIEVER_BYTES)
    return `wants at most ${RETRIEVER_BYTES} bytes with an androidHash, and takes up to ${bytes} in ${encoding}`;
  if (parts > maxParts)
    return `wants at most ${maxParts} parts (maxParts), and takes ${parts} in ${encoding}`;
  return bytes > SNS_BYTES ? `wants at most ${SNS_BYTES} bytes, as SNS does, and takes ${bytes}` : null;
}

function registrationProblems(app: App): readonly Problem[] {
  const here = inCountry(app, "IN");
  const isKept = PURPOSES.every((purpose) => registeredTemplate(app, here, purpose) !== null);
  if (here.dlt?.text === undefined || isKept) return [];
  const path = app.byCountry?.["IN"]?.dlt === undefined ? ["dlt"] : ["byCountry", "IN", "dlt"];
  const wants =
    "wants what a template says, to the letter, {#var#} for code and minutes: alone, or with all that autofill adds";
  return [inApps([app.role, ...path, "text"], wants)];
}

function fallbackProblems(app: App): readonly Problem[] {
  const texts = [app.templates, ...Object.values(app.byCountry ?? {}).map(({ templates = {} }) => templates)];
  const known = new Set(
    [...texts, BUILT_IN_TEMPLATES]
      .flatMap((templates) => Object.keys(templates))
      .map((tag) => tag.toLowerCase()),
  );
  const isKept = (app.fallbackLocales ?? []).every((locale) => tagsOf(locale).some((tag) => known.has(tag)));
  return isKept ? [] : [inApps([app.role, "fallbackLocales"], "wants locales that have a template")];
}

function regionProblems(app: App, regions: Regions): readonly Problem[] {
  const wants = regionsWanted(app, regions);
  return wants === null ? [] : [{ binding: "SNS_REGIONS", wants }];
}

function regionsWanted(app: App, regions: Regions): string | null {
  const role = nameOnly(app.role);
  if (regions.others === null && !app.countries.every((country) => regions.byCountry.has(country)))
    return `wants a group for each country of ${role}, or * for all others`;
  const isRegistered = app.countries.includes("IN") && inCountry(app, "IN").dlt !== undefined;
  if (!isRegistered || regionsFor(regions, { country: "IN", e164: "+91", isRegistered }).length > 0)
    return null;
  return `wants ap-south-1 or ap-south-2 in it, since ${role} has DLT ids, which count there alone`;
}

function inApps(path: readonly string[], wants: string): Problem {
  return { binding: "APPS", wants: `${path.map(nameOnly).join(".")} ${wants}` };
}
