import type { Ask } from "./exchange.ts";
import type { Memory } from "./memory.ts";
import type { Role } from "./settings.ts";
import { ADDRESSES, PHONES } from "./settings.ts";
import type { Act, SendAct, SessionAct, VerifyAct } from "./step.ts";
import { forge, readChallenge, readRefresh } from "./tokens.ts";

/** What an act sends, given what its caller knows by now; null where there is nothing that it could send. */
export function askOf(act: Act, memory: Memory): Ask | null {
  switch (act.kind) {
    case "send":
      return askToSend(act, memory);
    case "verify":
      return askToVerify(act, memory);
    case "repeat":
      return memory.lastKeyed === null ? null : fromCaller(memory.lastKeyed, act.caller);
    default:
      return askOfSession(act, memory);
  }
}

/** The same request from another address. */
export function fromCaller(ask: Ask, caller: number): Ask {
  return { ...ask, caller, headers: { ...ask.headers, "CF-Connecting-IP": addressOf(caller) } };
}

/** Whoever can read the number's SMS asks for a code as an app does. */
export function plainSend(phone: number, role: Role, caller: number): Ask {
  const act = { kind: "send", phone, role, caller, key: null, proof: false } as const;
  return base(act, { path: "send-otp", body: { phone: PHONES[phone], role } });
}

export function plainVerify(send: Ask, { id, guess }: { readonly id: string; readonly guess: string }): Ask {
  const { phone, role, caller } = send;
  const act = { kind: "verify", phone, role, caller, key: null } as const;
  const ask = base(act, {
    path: "verify-otp",
    body: { phone: PHONES[phone], role, otp: guess, challengeId: id },
  });
  return { ...ask, challenge: readChallenge(id), guess };
}

function askToSend(act: SendAct, { sessions }: Memory): Ask {
  const { phone, role, proof } = act;
  const own = sessions.findLast(({ subject }) => subject.startsWith(`${phone}/`));
  // Somebody else's proves nothing.
  const token = (own ?? sessions.at(-1))?.refreshTokens[0];
  const isProven = proof && own !== undefined;
  const body = {
    phone: PHONES[phone],
    role,
    ...(proof && token !== undefined ? { refreshToken: token } : {}),
  };
  return { ...base(act, { path: "send-otp", body }), isProven };
}

function askToVerify(act: VerifyAct, memory: Memory): Ask {
  const { phone, role, caller, hold, typed } = act;
  const subject = `${phone}/${role}`;
  const ofSubject = memory.challenges.filter((one) => one.subject === subject);
  const own = ofSubject.filter((one) => one.caller === caller);
  const foreign = memory.challenges.filter((one) => one.subject !== subject);
  const lists = { own, any: ofSubject, foreign, forged: own, none: [] };
  const received = lists[hold.kind].at(hold.kind === "none" ? 0 : -1 - hold.back) ?? null;
  const guess = guessOf(typed, received?.nonce ?? null, { subject, memory });
  const id = received === null ? null : hold.kind === "forged" ? forge(received.id) : received.id;
  const body = { phone: PHONES[phone], role, otp: guess, ...(id === null ? {} : { challengeId: id }) };
  return {
    ...base(act, { path: "verify-otp", body }),
    challenge: id === null ? null : readChallenge(id),
    isForged: received !== null && (hold.kind === "forged" || hold.kind === "foreign"),
    guess,
  };
}

function guessOf(
  typed: VerifyAct["typed"],
  nonce: string | null,
  { subject, memory }: { readonly subject: string; readonly memory: Memory },
): string {
  const arrived = memory.smsCodes.get(subject) ?? [];
  const right = (nonce === null ? undefined : memory.codes.get(nonce)) ?? arrived.at(-1) ?? "000000";
  if (typed === "right") return right;
  if (typed === "older") return arrived.findLast((code) => code !== right) ?? "000001";
  return String((Number(right) + typed) % 1_000_000).padStart(6, "0");
}

function askOfSession(act: SessionAct, { sessions }: Memory): Ask | null {
  const session = sessions.at(-1 - act.session);
  const refreshToken = session?.refreshTokens.at(-1 - act.token) ?? session?.refreshTokens[0];
  const accessToken = session?.accessTokens.at(-1 - act.token) ?? session?.accessTokens[0];
  if (session === undefined || refreshToken === undefined || accessToken === undefined) return null;
  const [phone, role] = session.subject.split("/") as [string, Role];
  const who = { kind: act.kind, phone: Number(phone), role, caller: act.caller, key: null };
  if (act.kind === "me") {
    const ask = base(who, { path: "me", body: null });
    const headers = { ...ask.headers, Authorization: `Bearer ${accessToken}` };
    return { ...ask, headers, token: readRefresh(refreshToken), tokenText: accessToken };
  }
  const body = act.kind === "logout_everywhere" ? { refreshToken, everywhere: true } : { refreshToken };
  const ask = base(who, { path: act.kind === "refresh" ? "refresh" : "logout", body });
  return { ...ask, token: readRefresh(refreshToken), tokenText: refreshToken };
}

interface Who extends Pick<Ask, "kind" | "phone" | "role" | "caller"> {
  readonly key: number | null;
}

function base(
  { kind, phone, role, caller, key }: Who,
  { path, body }: { readonly path: string; readonly body: object | null },
): Ask {
  return {
    kind,
    subject: `${phone}/${role}`,
    phone,
    role,
    caller,
    method: body === null ? "GET" : "POST",
    path: `/api/v1/auth/${path}`,
    headers: {
      "CF-Connecting-IP": addressOf(caller),
      ...(body === null ? {} : { "Content-Type": "application/json" }),
      ...(key === null ? {} : { "Idempotency-Key": `key-${key}` }),
    },
    body: body === null ? null : JSON.stringify(body),
    key: key === null ? null : `key-${key}`,
    challenge: null,
    isForged: false,
    guess: "",
    isProven: false,
    token: null,
    tokenText: "",
  };
}

function addressOf(caller: number): string {
  return ADDRESSES[caller] ?? "192.0.2.1";
}
