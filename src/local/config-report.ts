import { randomBytes } from "node:crypto";
import { parse } from "smol-toml";
import { parseConfig } from "../config.ts";
import type { App } from "../config/apps.ts";
import type { Policy } from "../config/policy.ts";
import { worstCases } from "../config/worst-case.ts";
import { configWarnings } from "./config-warnings.ts";

export interface ConfigReport {
  readonly lines: readonly string[];
  readonly isRight: boolean;
}

interface Environment {
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
}

/** What a Worker would make of each environment of a wrangler.toml, once its secrets and addresses are set. */
export function reportConfig(toml: string): ConfigReport {
  const reports = environmentsOf(parse(toml)).map(reportEnvironment);
  return {
    lines: reports.flatMap(({ lines }) => lines),
    isRight: reports.every(({ isRight }) => isRight),
  };
}

function reportEnvironment({ name, vars }: Environment): ConfigReport {
  const parsed = parseConfig({ ...standIns(vars), ...vars });
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ binding, wants }) => `  problem: ${binding} ${wants}`);
    return { lines: [name, ...problems], isRight: false };
  }
  const { apps, policy } = parsed.config;
  const rows = [...apps.byRole.values()].flatMap((app) => rowsOf(app, policy));
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map(
    (row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`,
  );
  const warnings = configWarnings(parsed.config).map((warning) => `  warning: ${warning}`);
  return { lines: [name, ...table, ...warnings], isRight: true };
}

/** Role, locale, and what its longest SMS takes. */
function rowsOf(app: App, policy: Policy): readonly (readonly string[])[] {
  return worstCases(app, policy).map(({ path, isBuiltIn, size }) => {
    const [role = "", ...place] = path.filter((part) => part !== "templates" && part !== "byCountry");
    const { units, encoding, parts, bytes } = size;
    const length = encoding === "GSM-7" ? `${units} septets` : `${units} units`;
    const takes = `${length} of ${encoding}, ${parts} ${parts === 1 ? "part" : "parts"}, ${bytes} bytes`;
    return [role, place.join(" "), isBuiltIn ? `${takes} (built in)` : takes];
  });
}

/** `vars` are not inherited: each environment has all of its own. */
function environmentsOf(document: Readonly<Record<string, unknown>>): readonly Environment[] {
  const named = Object.entries(tableOf(document["env"])).map(([name, environment]) => ({
    name: `env.${name}`,
    vars: tableOf(tableOf(environment)["vars"]),
  }));
  const top = { name: "top level", vars: tableOf(document["vars"]) };
  // Where all is in environments, nothing is deployed from the top.
  return Object.keys(top.vars).length === 0 && named.length > 0 ? named : [top, ...named];
}

/** For the secrets, which no file should have, and for the addresses, which may be kept beside them. */
function standIns(vars: Environment["vars"]): Readonly<Record<string, string>> {
  const secrets = [
    "UPSTASH_REDIS_REST_TOKEN",
    "ID_SECRET",
    "OTP_SECRET",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    ...(vars["DIRECTORY_URL"] === undefined ? [] : ["DIRECTORY_SECRET"]),
  ];
  const addresses = ["UPSTASH_REDIS_REST_URL", "ISSUER"];
  return Object.fromEntries([
    ...secrets.map((name) => [name, randomBytes(32).toString("base64url")]),
    ...addresses.map((name) => [name, "https://stand-in.invalid"]),
  ]);
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
