import type { Policy } from "../../../src/config/policy.ts";
import { codeIn } from "../memory.ts";
import { ADDRESSES, PHONES, REFRESH_SECONDS } from "../settings.ts";
import type { Dump } from "../system/dump.ts";
import type { Reference } from "./reference.ts";

const DAY_SECONDS = 86_400;

/** The longest TTL of each kind of key in seconds: the table of src/store/keys.ts. */
const longest: Readonly<Record<string, (policy: Policy) => number>> = {
  otp: ({ codeLifetimeSeconds }) => 2 * codeLifetimeSeconds,
  guess: ({ codeLifetimeSeconds }) => 2 * codeLifetimeSeconds,
  sent: ({ codeLifetimeSeconds }) => Math.max(codeLifetimeSeconds, 120),
  log: () => 90_000,
  ip: () => 7200,
  day: () => 2 * DAY_SECONDS,
  pfx: () => DAY_SECONDS,
  cty: () => 7200,
  hold: () => 7 * DAY_SECONDS,
  net: () => 30 * DAY_SECONDS,
  user: () => 400 * DAY_SECONDS,
  session: () => Math.max(REFRESH_SECONDS, 2 * DAY_SECONDS),
  sessions: () => 12 * REFRESH_SECONDS,
};

/** Nothing stays in the store for ever or grows without end, and neither store nor log holds a number, an address, a code or a token. */
export function createHygiene(): Reference {
  const secrets = new Set<string>([...PHONES, ...ADDRESSES]);
  const codes = new Set<string>();

  return {
    see({ ask, answer, sms, before, after, logs }, { policy }) {
      for (const { text } of sms) codes.add(codeIn(text));
      if (ask.tokenText !== "") secrets.add(ask.tokenText);
      const challengeId = answer?.data["challengeId"];
      if (typeof challengeId === "string") secrets.add(challengeId);
      const written = [...after].filter(([key, { value }]) => before.get(key)?.value !== value);
      const texts = [...written.map(([key, { value }]) => `${key} ${value}`), ...logs];
      return [
        ...lastingKeys(after, policy),
        ...longLists(after, policy),
        ...texts.flatMap((text) => leaksIn(text, secrets, codes)),
      ];
    },
  };
}

function lastingKeys(dump: Dump, policy: Policy): readonly string[] {
  return [...dump].flatMap(([key, { ttlMs }]) => {
    const kind = key.replace(/:.*/, "");
    const seconds = longest[kind]?.(policy);
    if (seconds === undefined) return [`a key of a kind that is not in the table: ${kind}`];
    if (ttlMs < 0) return [`${kind}: has no TTL`];
    return ttlMs <= seconds * 1000 ? [] : [`${kind}: has a TTL of ${ttlMs} ms`];
  });
}

/** A flood of guesses stays small: members with their scores, and one that was over the budget. */
function longLists(dump: Dump, { guessesPerChallenge }: Policy): readonly string[] {
  const guesses = [...dump].filter(([key]) => key.startsWith("guess:"));
  return guesses.flatMap(([, { value }]) => {
    const members = (JSON.parse(value) as readonly unknown[]).length / 2;
    return members <= guessesPerChallenge + 1 ? [] : [`guess: keeps ${members} guesses`];
  });
}

function leaksIn(text: string, secrets: ReadonlySet<string>, codes: ReadonlySet<string>): readonly string[] {
  // By themselves: times have digits too.
  const numbers = new Set(text.match(/(?<![\w-])\d{6}(?![\w-])/g));
  const leaked = [...secrets].filter((one) => text.includes(one));
  const leakedCodes = [...codes].filter((code) => numbers.has(code));
  return [...leaked, ...leakedCodes].map((one) => `in clear: ${one} in ${text.slice(0, 200)}`);
}
