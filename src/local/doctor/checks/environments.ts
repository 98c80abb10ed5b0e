import { isDeepStrictEqual } from "node:util";
import type { Check } from "../examine.ts";
import type { Patient } from "../patient.ts";

/** Where one environment may differ from the next, as paths with `*` for any one name. */
const OWN = [
  "ENVIRONMENT",
  "ISSUER",
  "UPSTASH_REDIS_REST_URL",
  "DIRECTORY_URL",
  "APPS.*.testNumbers",
  "APPS.*.webDomain",
  "APPS.*.androidHash",
  "POLICY.smsPerDay",
  "POLICY.smsPerDayPerCountry",
  "POLICY.guard",
].map((path) => path.split("."));

type Vars = Readonly<Record<string, unknown>>;

/** wrangler hands no var down to an environment, so each has a copy of all, and a copy can be forgotten. */
export function environmentChecks({ environment, wrangler }: Patient): readonly Check[] {
  if (environment === null) return [];
  return [
    {
      id: "environments",
      run(says) {
        const paths = differences(wrangler.topLevelVars, wrangler.vars);
        if (paths.length === 0)
          return says.ok("Its vars are those of the top level, but for what is an environment's own.");
        return says.warn(
          `Its vars differ from those of the top level at ${paths.slice(0, 5).join(", ")}${paths.length > 5 ? ", …" : ""}.`,
          "Copy the change into every environment of wrangler.toml.",
        );
      },
    },
  ];
}

/** The paths at which two sets of vars differ and should not, in names that are safe to print. */
export function differences(left: Vars, right: Vars): readonly string[] {
  return differencesAt([], left, right).map((path) => path.map(nameOnly).join("."));
}

function differencesAt(
  path: readonly string[],
  left: unknown,
  right: unknown,
): readonly (readonly string[])[] {
  if (isOwn(path) || isDeepStrictEqual(left, right)) return [];
  if (!isTable(left) || !isTable(right)) return isTable(left ?? right) ? inside(path, left, right) : [path];
  return inside(path, left, right);
}

/** Of a table that one side lacks, what is allowed to be one side's own does not count. */
function inside(path: readonly string[], left: unknown, right: unknown): readonly (readonly string[])[] {
  const [leftTable, rightTable] = [isTable(left) ? left : {}, isTable(right) ? right : {}];
  const names = new Set([...Object.keys(leftTable), ...Object.keys(rightTable)]);
  return [...names].flatMap((name) => differencesAt([...path, name], leftTable[name], rightTable[name]));
}

const isOwn = (path: readonly string[]): boolean =>
  OWN.some((own) => own.length === path.length && own.every((name, at) => name === "*" || name === path[at]));

const isTable = (value: unknown): value is Vars =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A key could be a number that somebody has. */
const nameOnly = (name: string): string => (/^[A-Za-z][A-Za-z_-]{0,31}$/.test(name) ? name : "*");
