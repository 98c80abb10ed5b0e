import type * as z from "zod/mini";
import type { bindingsSchema } from "../config.ts";
import { equalInConstantTime } from "../bytes.ts";
import type { Apps } from "./apps.ts";
import { createApps } from "./apps.ts";
import { undeliverable } from "./deliverable.ts";
import type { Policy } from "./policy.ts";
import type { Problem } from "./problem.ts";
import { nameOnly } from "./problem.ts";
import { testNumberProblems } from "./test-numbers.ts";

type Env = Readonly<Record<string, unknown>>;
type Shape = (typeof bindingsSchema)["shape"];
/** All bindings as they were read; undefined where one of them has a problem of its own. */
type Bindings = z.infer<typeof bindingsSchema> | undefined;

/**
 * What only several bindings together can tell. Where one has a problem each is read by itself, so that it hides none of
 * these.
 */
export function misfits(env: Env, all: Bindings, shape: Shape): readonly Problem[] {
  const parsed = all?.APPS ?? shape.APPS.safeParse(env["APPS"]).data;
  const apps = parsed && createApps(parsed);
  const policy = all?.POLICY ?? shape.POLICY.safeParse(env["POLICY"]).data;
  const regions = all?.SNS_REGIONS ?? shape.SNS_REGIONS.safeParse(env["SNS_REGIONS"]).data;
  return [
    ...missingHalves(env),
    ...sameSecrets(env, shape),
    ...undeliverable({ apps, policy, regions }),
    ...testNumberProblems(apps, policy),
    ...unknownRoles(apps, policy),
    ...missingSecret(env, apps),
  ];
}

/** Of the two bindings of the directory, the one that is not there where the other is. */
function missingHalves(env: Env): readonly Problem[] {
  const halves = ["DIRECTORY_URL", "DIRECTORY_SECRET"] as const;
  const missing = halves.filter((binding) => env[binding] === undefined);
  if (missing.length === halves.length) return [];
  return missing.map((binding) => ({ binding, wants: "wants a value, since its other half has one" }));
}

/** A rotation that rotates nothing would pass for done. */
function sameSecrets(env: Env, shape: Shape): readonly Problem[] {
  const previous = shape.OTP_SECRET_PREVIOUS.safeParse(env["OTP_SECRET_PREVIOUS"]).data;
  const current = shape.OTP_SECRET.safeParse(env["OTP_SECRET"]).data;
  if (previous === undefined || current === undefined || !equalInConstantTime(previous, current)) return [];
  return [{ binding: "OTP_SECRET_PREVIOUS", wants: "wants the secret before OTP_SECRET, not the same" }];
}

/** A limit of a role that there is not would be silently absent. */
function unknownRoles(apps: Apps | undefined, policy: Policy | undefined): readonly Problem[] {
  if (apps === undefined || policy === undefined) return [];
  return Object.keys(policy.smsPerDayPerRole)
    .filter((role) => !apps.byRole.has(role))
    .map((role) => ({ binding: "POLICY", wants: `smsPerDayPerRole knows no role ${nameOnly(role)}` }));
}

/** Without the secret a role that asks for Turnstile could let nobody in. */
function missingSecret(env: Env, apps: Apps | undefined): readonly Problem[] {
  const isAsked = [...(apps?.byRole.values() ?? [])].some(({ turnstile }) => turnstile !== undefined);
  if (!isAsked || env["TURNSTILE_SECRET"] !== undefined) return [];
  return [{ binding: "TURNSTILE_SECRET", wants: "wants a value, since a role in APPS asks for Turnstile" }];
}
