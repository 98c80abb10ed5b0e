import { ask } from "../ask.ts";
import type { Check } from "../examine.ts";
import type { Finding, Says } from "../finding.ts";
import { fixOf, sentenceOf } from "../network-fault.ts";
import type { Patient } from "../patient.ts";

const WARN_AFTER_MS = 5000;
/** AWS takes signatures that are 15 minutes off, some of its services only 5. */
const FAIL_AFTER_MS = 4 * 60_000;

const FIX =
  "Set this machine's clock by NTP. Cloudflare's own clocks are right, so this concerns what runs here.";

/** How far this machine's clock is from an upstream's, by the `Date` of its answer. */
export async function checkClock(says: Says, url: URL, patient: Patient): Promise<Finding> {
  const { trust, timeoutMs, now } = patient;
  const askedAt = now();
  const heard = await ask(url.href, { trust, timeoutMs });
  const heardAt = now();
  if (!heard.ok) return says.fail(sentenceOf(heard.fault, url.host), fixOf(heard.fault));
  const theirs = Date.parse(heard.date ?? "");
  if (Number.isNaN(theirs))
    return says.skipped(`${url.host} does not say what time it is.`, "Compare this machine's clock by hand.");
  // A Date has whole seconds, the fraction cut off.
  const skewMs = (askedAt + heardAt) / 2 - (theirs + 500);
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const sentence = `This machine's clock is ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"} that of ${url.host}.`;
  if (Math.abs(skewMs) > FAIL_AFTER_MS) return says.fail(sentence, FIX);
  if (Math.abs(skewMs) > WARN_AFTER_MS) return says.warn(sentence, FIX);
  return says.ok(`This machine's clock agrees with that of ${url.host} within ${Math.max(1, seconds)} s.`);
}

export const clockCheck = (id: string, url: URL, { patient, needs }: ClockOptions): Check => ({
  id,
  needs,
  run: (says) => checkClock(says, url, patient),
});

interface ClockOptions {
  readonly patient: Patient;
  readonly needs: readonly string[];
}
