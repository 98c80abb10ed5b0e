import type { Check } from "../examine.ts";
import type { Patient } from "../patient.ts";

const DAY_MS = 86_400_000;
const OLD_AFTER_DAYS = 365;
const XML_BUILDER = "@aws-sdk/xml-builder";

/** What wrangler.toml says of the runtime and of the bundle. */
export function wranglerChecks({ wrangler, now }: Patient): readonly Check[] {
  return [
    { id: "wrangler.compatibility-date", run: (says) => checkDate(says, wrangler.compatibilityDate, now()) },
    {
      id: "wrangler.compatibility-flags",
      run: (says) =>
        wrangler.compatibilityFlags.some((flag) => flag.startsWith("nodejs_compat"))
          ? says.warn(
              "nodejs_compat is set, which the Worker does not need.",
              "Take it out of compatibility_flags: it makes the bundle larger and is not what the tests run with.",
            )
          : says.ok("nodejs_compat is not set; the Worker needs none of Node."),
    },
    {
      id: "wrangler.alias",
      run: (says) =>
        wrangler.alias[XML_BUILDER] === XML_BUILDER
          ? says.ok(`The alias of ${XML_BUILDER} is there, so SNS's answers can be read.`)
          : says.fail(
              `The alias of ${XML_BUILDER} is missing: every SMS would be sent and reported as failed.`,
              `Put "${XML_BUILDER}" = "${XML_BUILDER}" under [alias] of wrangler.toml.`,
            ),
    },
  ];
}

function checkDate(says: Parameters<Check["run"]>[0], date: string | null, now: number) {
  const at = Date.parse(date ?? "");
  if (date === null || !/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(at)) {
    return says.fail(
      "There is no compatibility date.",
      'Put compatibility_date = "yyyy-mm-dd" into wrangler.toml, with the day of your last tests.',
    );
  }
  if (at > now) {
    return says.fail(
      `The compatibility date ${date} is in the future; Cloudflare refuses such a deploy.`,
      "Set compatibility_date in wrangler.toml to a day that has been, and look at this machine's clock.",
    );
  }
  const days = Math.floor((now - at) / DAY_MS);
  if (days > OLD_AFTER_DAYS) {
    return says.warn(
      `The compatibility date ${date} is ${days} days old.`,
      "Move compatibility_date forward, run the tests, deploy to staging, then to production.",
    );
  }
  return says.ok(`The compatibility date is ${date}.`);
}
