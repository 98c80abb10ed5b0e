import type { Check } from "../examine.ts";
import type { Finding, Says } from "../finding.ts";
import { about } from "../finding.ts";
import { REQUIRED_SECRETS } from "../secret-names.ts";
import type { Judged, Patient } from "../patient.ts";

const ID = "bindings";

/** What the Worker itself would refuse to start with, a line each. */
export function bindingChecks(patient: Patient, judged: Judged): readonly Check[] {
  return [{ id: ID, run: () => describeBindings(patient, judged) }];
}

function describeBindings(patient: Patient, { problems, notGiven }: Judged): readonly Finding[] {
  if (hasNothing(patient)) {
    return [
      about(ID).fail(
        `There is no .dev.vars, so these are missing: ${REQUIRED_SECRETS.join(", ")}.`,
        "Start `npm run dev`, which needs none of it, or copy .dev.vars.example to .dev.vars and fill it in; for a deployed service add --env.",
      ),
    ];
  }
  const absent = [...notGiven].map((name) => notGivenHere(about(`${ID}.${name}`), name, patient));
  const wrong = problems
    .filter(({ binding }) => !notGiven.has(binding))
    .map(({ binding, wants }) => {
      const says = about(`${ID}.${binding}`);
      const fix = fixFor(binding, patient);
      if (patient.bindings[binding] === undefined) return says.fail(`${binding} is not there.`, fix);
      return says.fail(`${binding} ${wants}.`, fix);
    });
  if (wrong.length > 0) return [...wrong, ...absent];
  const count = Object.keys(patient.bindings).length;
  return [about(ID).ok(`The Worker takes all ${count} bindings that are given.`), ...absent];
}

function notGivenHere(says: Says, name: string, { environment }: Patient): Finding {
  return says.skipped(
    `${name} is not given here, so it was not checked; \`npx wrangler secret list --env ${environment}\` shows whether it is deployed.`,
    `To have it checked, put it into .dev.vars.${environment}, a --vars-file or the shell's environment.`,
  );
}

const KEYS_MAKE: ReadonlySet<string> = new Set(["ID_SECRET", "OTP_SECRET", "SIGNING_KEYS"]);
const CONSOLE: ReadonlySet<string> = new Set(["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"]);

/** Vars, and where they are explained. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ["APPS", "src/config/README.md"],
  ["POLICY", "src/config/README.md"],
  ["SNS_REGIONS", "src/sms/README.md"],
]);

/** One sentence will do for a newcomer who has none of them. */
const hasNothing = ({ environment, bindings }: Patient): boolean =>
  environment === null && REQUIRED_SECRETS.every((name) => bindings[name] === undefined);

function fixFor(binding: string, { environment, isLocal }: Patient): string {
  if (isLocal) return "Start `npm run dev` anew; if that does not help, delete .local.";
  const page = PAGES.get(binding);
  if (page !== undefined) return `Mend ${binding} in wrangler.toml; ${page} says what it takes.`;
  const from = KEYS_MAKE.has(binding)
    ? "`npm run keys` makes one"
    : CONSOLE.has(binding)
      ? 'it is in the Upstash console under "REST API"'
      : "the README has a table of all bindings";
  if (environment !== null) return `\`npx wrangler secret put ${binding} --env ${environment}\`; ${from}.`;
  return `Put it into .dev.vars; ${from}.`;
}
