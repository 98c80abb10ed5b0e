/** Whose a key is: one subject's, its number's in all roles, or everybody's, such as the counter of an address. */
export type KeyOwner =
  { readonly subject: string } | { readonly phone: string } | { readonly shared: SharedKind };

/** The kinds of keys of src/store/keys.ts that name no subject. */
const SHARED = ["ip", "day", "pfx", "cty", "hold", "net", "ready"] as const;
export type SharedKind = (typeof SHARED)[number];

const OF_A_SUBJECT: ReadonlySet<string> = new Set(["otp", "guess", "sent", "user", "session", "sessions"]);

/** Throws for a key of a kind that nobody has decided on. */
export function ownerOf(key: string): KeyOwner {
  const [kind = "", name = ""] = key.split(":");
  if (OF_A_SUBJECT.has(kind)) return { subject: name };
  if (kind === "log") return { phone: name };
  const shared = SHARED.find((one) => one === kind);
  if (shared === undefined) throw new Error(`Is ${kind}: a subject's key, or shared?`);
  return { shared };
}

const ONE_KEY: ReadonlySet<string> = new Set(
  (
    "SET GET INCR DECR EXPIRE TTL HSETNX HGETALL HDEL HEXISTS HINCRBY PFADD " +
    "ZADD ZREM ZRANGE ZCARD ZRANK ZCOUNT ZREMRANGEBYSCORE ZREMRANGEBYRANK"
  ).split(" "),
);
const ALL_KEYS: ReadonlySet<string> = new Set(["MGET", "PFCOUNT"]);

/** The keys that a command touches. Throws for a command that nobody has looked at. */
export function keysOf([name = "", ...args]: readonly string[]): readonly string[] {
  const command = name.toUpperCase();
  if (ONE_KEY.has(command)) return args.slice(0, 1);
  if (ALL_KEYS.has(command)) return args;
  if (command === "COPY") return args.slice(0, 2);
  throw new Error(`Which arguments of ${command} are keys?`);
}
