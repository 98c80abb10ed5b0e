import type { App } from "../config/apps.ts";
import type { DirectoryRecord } from "../directory/port.ts";
import type { Mac } from "../mac.ts";
import type { AccessTokens } from "../tokens/access.ts";
import type { RefreshClaims } from "../tokens/refresh.ts";
import { createRefreshToken } from "../tokens/refresh.ts";
import type { SessionRecord } from "./session.ts";
import { secondsLeft } from "./session.ts";

/** `data.tokens` of the API. Times in seconds. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly tokenType: "Bearer";
  readonly refreshExpiresIn: number;
}

export interface TokensDeps {
  readonly accessTokens: AccessTokens;
  readonly refreshMac: Mac;
}

export interface Issued {
  readonly app: App;
  readonly refresh: RefreshClaims;
  readonly record: SessionRecord;
  readonly profile: DirectoryRecord | null;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export async function issueTokens(issued: Issued, { accessTokens, refreshMac }: TokensDeps): Promise<Tokens> {
  const { app, refresh, record, profile, userId, now } = issued;
  const claims = {
    subject: profile?.id ?? userId,
    role: app.role,
    phone: record.phone,
    sid: refresh.sid,
    authTime: Math.floor(record.createdAt / 1000),
    extra: profile === null ? {} : profileClaims(profile),
  };
  const lifetimeSeconds = app.accessTokenSeconds;
  const [accessToken, refreshToken] = await Promise.all([
    accessTokens.sign(claims, { audience: app.audience, lifetimeSeconds, now }),
    createRefreshToken(refreshMac, refresh),
  ]);
  return {
    accessToken,
    refreshToken,
    expiresIn: lifetimeSeconds,
    tokenType: "Bearer",
    refreshExpiresIn: secondsLeft(app, refresh.createdAt, now),
  };
}

/** The directory's own claims come first: none of them may stand in for one that the service names. */
function profileClaims(profile: DirectoryRecord): Readonly<Record<string, unknown>> {
  const { name, email, company, isProfileComplete, preferredLanguage, claims } = profile;
  const known = Object.entries({ name, email, company, preferredLanguage }).filter(
    ([, value]) => value !== null,
  );
  return { ...claims, ...Object.fromEntries(known), isProfileComplete };
}
