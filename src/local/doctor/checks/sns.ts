import { allRegions, parseRegions } from "../../../config/regions.ts";
import type { Check } from "../examine.ts";
import type { Judged, Patient } from "../patient.ts";
import { soundText } from "../patient.ts";
import type { SnsAccount, SnsAccountOptions } from "../sns-account.ts";
import { openSnsAccount } from "../sns-account.ts";
import { reachChecks } from "./reach.ts";
import { accountChecks } from "./sns-account.ts";

/** SNS in each region of `SNS_REGIONS`: reached, asked who we are, and asked what the account may send. */
export function snsChecks(
  patient: Patient,
  judged: Judged,
): { readonly checks: readonly Check[]; close(): void } {
  const regions = parseRegions(soundText(patient, judged, "SNS_REGIONS") ?? "");
  const isSound = (name: string): boolean => soundText(patient, judged, name) !== null;
  if (regions === null) return { checks: [notLookedAt("SNS_REGIONS")], close: () => undefined };
  if (patient.bindings["SNS_ENDPOINT"] !== undefined && !isSound("SNS_ENDPOINT"))
    return { checks: [notLookedAt("SNS_ENDPOINT")], close: () => undefined };
  const endpoint = soundText(patient, judged, "SNS_ENDPOINT") ?? "https://sns.{region}.amazonaws.com";
  const credentials = credentialsOf(patient, judged);
  const opened: SnsAccount[] = [];
  const checks = allRegions(regions).flatMap((region) => {
    const url = new URL(endpoint.replaceAll("{region}", region));
    const reach = reachChecks(`sns.${region}`, url, patient);
    if (credentials === null) return reach;
    const { trust, timeoutMs } = patient;
    const account = openSnsAccount({ region, endpoint: url.href, credentials, trust, timeoutMs });
    opened.push(account);
    return [...reach, ...accountChecks({ region, account, patient })];
  });
  return {
    checks: credentials === null ? [...checks, notLookedAt("AWS_ACCESS_KEY_ID")] : checks,
    close: () => opened.forEach((account) => account.close()),
  };
}

const notLookedAt = (name: string): Check => ({
  id: "sns.credentials",
  run: (says) =>
    says.skipped(`Without a sound ${name} the AWS account cannot be asked.`, `See bindings.${name}.`),
});

function credentialsOf(patient: Patient, judged: Judged): SnsAccountOptions["credentials"] | null {
  const [accessKeyId, secretAccessKey, sessionToken] = (
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const
  ).map((name) => soundText(patient, judged, name) ?? undefined);
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  if (sessionToken === undefined && patient.bindings["AWS_SESSION_TOKEN"] !== undefined) return null;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
