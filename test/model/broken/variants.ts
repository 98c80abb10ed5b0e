import type { Parts } from "../system/system.ts";
import { alterCommands, alterOf } from "./commands.ts";

interface Variant {
  /** What it does wrong. */
  readonly name: string;
  /** What the references have to say of it. */
  readonly notices: RegExp;
  readonly parts: Parts;
}

const overwrite = ([, ...args]: readonly string[]) => ["HSET", ...args];
const nothing = ([, key = ""]: readonly string[]) => ["EXISTS", key];

/** Services that break one promise each. */
export const VARIANTS: readonly Variant[] = [
  {
    name: "lets every right guess win",
    notices: /single use: /,
    parts: {
      backend: alterOf("HSETNX", "otp", (command) =>
        command[2]?.startsWith("won:") ? overwrite(command) : command,
      ),
    },
  },
  {
    name: "counts all wrong guesses as one",
    notices: /verdicts: |guess budget: /,
    parts: { backend: alterOf("ZADD", "guess", (command) => [...command.slice(0, -1), "same"]) },
  },
  {
    name: "keeps codes for ever",
    notices: /hygiene: /,
    parts: { backend: alterOf("EXPIRE", "otp", nothing) },
  },
  {
    name: "sends each SMS twice",
    notices: /sends: /,
    parts: {
      publish: (real) => async (region, sms) => {
        await real(region, sms);
        return real(region, sms);
      },
    },
  },
  {
    name: "forgets when it sent",
    notices: /sends: /,
    parts: {
      backend: alterOf("ZADD", "log", (command) =>
        command.map((word) => (/^\d{13}$/.test(word) ? "1" : word)),
      ),
    },
  },
  {
    name: "never counts a refused send back",
    notices: /refusals: /,
    parts: { backend: alterOf("DECR", "ip", nothing) },
  },
  {
    name: "runs a key as often as it is asked",
    notices: /repeats: /,
    parts: { backend: alterOf("HSETNX", "sent", overwrite) },
  },
  {
    name: "ends no session",
    notices: /sessions: /,
    parts: {
      backend: alterCommands((command) => {
        const [name, key = "", field] = command;
        const isEnd = key.startsWith("session:") && (name === "hdel" || field === "ended");
        return isEnd ? nothing(command) : command;
      }),
    },
  },
  {
    name: "logs what it sends",
    notices: /hygiene: /,
    parts: {
      publish: (real) => async (region, sms) => {
        console.log(sms.text);
        return real(region, sms);
      },
    },
  },
  {
    name: "takes a challenge id for its own whatever its MAC",
    notices: /verdicts: /,
    parts: {
      deps: (real) => {
        const secret = { ...real.secrets.current, challengeMac: () => Promise.resolve(new Uint8Array(16)) };
        return { ...real, secrets: { current: secret, all: [secret] } };
      },
    },
  },
];
