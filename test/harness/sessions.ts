import type { AskDirectory } from "../../src/directory/port.ts";
import type { Bearer } from "../../src/sessions/bearer.ts";
import { identifyBearer } from "../../src/sessions/bearer.ts";
import type { RefreshResult } from "../../src/sessions/refresh.ts";
import { refreshSession } from "../../src/sessions/refresh.ts";
import type { SignInResult } from "../../src/sessions/sign-in.ts";
import { signIn } from "../../src/sessions/sign-in.ts";
import { signOut } from "../../src/sessions/sign-out.ts";
import type { Tokens } from "../../src/sessions/tokens.ts";
import type { AccessClaims } from "../../src/tokens/access.ts";
import { createAccessTokens } from "../../src/tokens/access.ts";
import { parseSigningKeys } from "../../src/tokens/keys.ts";
import { deriveMac } from "../../src/mac.ts";
import type { Protocol } from "./protocol.ts";
import { challengeIdOf, createProtocol } from "./protocol.ts";
import { APPS, wrongGuess } from "./service.ts";
import type { Upstreams } from "./upstreams.ts";

type Role = "customer" | "transporter";

/** Signs one person in and goes on from there, on a clock of the test's own. */
export interface SessionsHarness {
  readonly clock: { now: number };
  /** What sends and verifies. */
  readonly protocol: Protocol;
  signIn(role?: Role): Promise<{ tokens: Tokens }>;
  /** As verify-otp does it, with its refusals. */
  trySignIn(options?: { role?: Role; key?: string }): Promise<SignInResult>;
  /** Throws unless there are tokens. */
  refresh(token: string): Promise<Tokens>;
  exchange(token: string): Promise<RefreshResult>;
  /** Why there are none. */
  refusal(token: string): Promise<string>;
  /** All but when it expires. */
  read(accessToken: string): Promise<AccessClaims | null>;
  bearer(accessToken: string): Promise<Bearer | null>;
  /** Wrong guesses without a challenge id, from elsewhere. */
  guessWrong(times: number): Promise<void>;
  /** How many of the person's sessions as a customer are alive. */
  alive(): Promise<number>;
  /** The same sessions, in a role that keeps its tokens. */
  readonly asKeeping: Pick<SessionsHarness, "refusal">;
  signOut(by: { accessToken?: string; refreshToken?: string; everywhere?: boolean }): Promise<void>;
}

export async function createSessions(
  upstreams: Pick<Upstreams, "bindings">,
  refreshRotation: "rotate" | "keep",
  directory: AskDirectory | null = null,
): Promise<SessionsHarness> {
  const roles = Object.entries(APPS).map(([role, app]) => [role, { ...app, refreshRotation }]);
  const policy = { resendAfterSeconds: 0, sendsPerHour: 1000, sendsPerDay: 1000 };
  const protocol = await createProtocol(upstreams, policy, Object.fromEntries(roles));
  const { clock, config, identity, seal, store } = protocol;
  const keys = await parseSigningKeys(upstreams.bindings["SIGNING_KEYS"]);
  if ("wants" in keys) throw new Error(keys.wants);
  const appOf = (role: string) => config.apps.byRole.get(role) ?? null;
  const accessTokens = createAccessTokens({
    keys,
    issuer: upstreams.bindings["ISSUER"] ?? "",
    audienceOf: (role) => appOf(role)?.audience ?? null,
  });
  const refreshMac = await deriveMac(config.idSecret, "refresh");
  const deps = { accessTokens, refreshMac, store, seal, identity, appOf, directory, now: () => clock.now };
  let lastAttempt: { key: string | undefined; code: string; challengeId: string } | null = null;

  const harness: SessionsHarness = {
    clock,
    protocol,
    async trySignIn({ role = "customer", key } = {}) {
      // A repeat of a keyed attempt is a repeat: no new code.
      if (key === undefined || lastAttempt?.key !== key) {
        const challengeId = challengeIdOf(await protocol.send({ role }));
        lastAttempt = { key, code: protocol.tried.at(-1)?.code ?? "", challengeId };
      }
      const { code, challengeId } = lastAttempt;
      const verified = await protocol.verify(code, {
        role,
        challengeId,
        ...(key === undefined ? {} : { key }),
      });
      const app = appOf(role);
      const phone = protocol.tried.at(-1)?.phone;
      if (!verified.ok || app === null || phone === undefined) throw new Error(JSON.stringify(verified));
      return signIn({ app, phone, requestId: "request", isRepeatable: key !== undefined, ...verified }, deps);
    },
    async signIn(role) {
      const result = await harness.trySignIn(role === undefined ? {} : { role });
      if (!result.ok) throw new Error(result.reason);
      return result;
    },
    exchange: (token) => refreshSession(token, deps),
    async refresh(token) {
      const result = await refreshSession(token, deps);
      if (!result.ok) throw new Error(result.reason);
      return result.tokens;
    },
    async refusal(token) {
      const result = await refreshSession(token, deps);
      return result.ok ? "refreshed" : result.reason;
    },
    async read(accessToken) {
      const verified = await accessTokens.verify(accessToken, clock.now);
      if (verified === null) return null;
      const { expiresAt: _, ...claims } = verified;
      return claims;
    },
    bearer: (accessToken) => identifyBearer(accessToken, deps),
    async guessWrong(times) {
      const code = protocol.tried.at(-1)?.code ?? "";
      for (let offset = 1; offset <= times; offset += 1) {
        await protocol.verify(wrongGuess(code, offset), { from: "192.0.2.44" });
      }
    },
    async alive() {
      const phone = protocol.tried.at(-1)?.phone.e164 ?? "";
      const subject = await identity.subject("customer", phone);
      const listed = await store.listSessions(subject, 0);
      const states = await store.readSessions(
        subject,
        listed.map(({ sid }) => sid),
      );
      return states.filter(({ record, ended }) => record !== null && ended === null).length;
    },
    asKeeping: {
      async refusal(token) {
        const keeps = (role: string) => {
          const app = appOf(role);
          return app === null ? null : { ...app, refreshRotation: "keep" as const };
        };
        const result = await refreshSession(token, { ...deps, appOf: keeps });
        return result.ok ? "refreshed" : result.reason;
      },
    },
    signOut: ({ accessToken = null, refreshToken = null, everywhere = false }) =>
      signOut({ accessToken, refreshToken, everywhere }, deps),
  };
  return harness;
}
