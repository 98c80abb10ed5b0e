import { expect } from "vitest";
import { diagnose } from "../../src/local/doctor/diagnose.ts";
import type { Finding } from "../../src/local/doctor/finding.ts";
import type { Patient } from "../../src/local/doctor/patient.ts";
import { isSecret } from "../../src/local/doctor/secret-names.ts";
import { APPS } from "./service.ts";
import type { Upstreams } from "./upstreams.ts";

/** One that nothing is wrong with, but for what is changed. */
export function patientOf(
  { bindings, authority }: Upstreams,
  { bindings: changed = {}, ...rest }: Partial<Patient> = {},
): Patient {
  const all: [string, unknown][] = Object.entries({ ...bindings, APPS, ...changed });
  return {
    environment: null,
    isLocal: false,
    wrangler: {
      vars: {},
      topLevelVars: {},
      compatibilityDate: "2026-10-20",
      compatibilityFlags: [],
      alias: { "@aws-sdk/xml-builder": "@aws-sdk/xml-builder" },
      requiredSecrets: null,
    },
    trust: authority.caPem,
    url: null,
    phone: null,
    now: Date.now,
    timeoutMs: 5000,
    // Not what this machine can do today, but what a test says.
    slowMs: 60_000,
    ...rest,
    bindings: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
  };
}

/** All findings, of which none holds a secret, and none had to have one hidden. */
export async function findingsOf(patient: Patient): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const found of diagnose(patient)) findings.push(found);
  const printed = JSON.stringify(findings);
  for (const [name, value] of Object.entries(patient.bindings)) {
    if (isSecret(name) && typeof value === "string" && value.length > 5) expect(printed).not.toContain(value);
  }
  if (patient.phone !== null) expect(printed).not.toContain(patient.phone.slice(1));
  expect(printed).not.toContain("[hidden]");
  return findings;
}

/** The status of each id, for the ids that begin with `prefix`. */
export function statuses(findings: readonly Finding[], prefix = ""): Readonly<Record<string, string>> {
  const wanted = findings.filter(({ id }) => id.startsWith(prefix));
  return Object.fromEntries(wanted.map(({ id, status }) => [id, status]));
}

/** The one finding of that id. */
export function finding(findings: readonly Finding[], id: string): Finding {
  const [found, ...others] = findings.filter((one) => one.id === id);
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} findings of ${id}`);
  return found;
}
