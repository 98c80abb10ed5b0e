import * as z from "zod/mini";
import { example } from "./examples.ts";

export interface Header {
  readonly description?: string;
  readonly schema: z.ZodMiniType;
  readonly example: string | number;
  /** Whether it is missing at times where it is named. */
  readonly isOptional?: true;
}

const text = z.string();

/** Every header of an answer that callers may rely on. */
export const headers = {
  "X-Request-Id": {
    description: "The caller's, if it was sane, else a new one; in every log line.",
    schema: z.string().check(z.regex(/^[A-Za-z0-9._:-]{1,128}$/)),
    example: example.uuid,
  },
  "Cache-Control": {
    description: "`no-store`, unless a cache may keep the answer.",
    schema: text,
    example: "no-store",
  },
  "Server-Timing": {
    description: "What took how long (W3C), outside production.",
    schema: text,
    example: "store;dur=12, total;dur=14",
    isOptional: true,
  },
  "Retry-After": { description: "Seconds, never too early.", schema: z.int().check(z.gte(1)), example: 30 },
  RateLimit: {
    description: "The caller's own limits (draft-ietf-httpapi-ratelimit-headers-11).",
    schema: text,
    example: '"resendAfterSeconds";r=0;t=30',
    isOptional: true,
  },
  "RateLimit-Policy": { schema: text, example: '"resendAfterSeconds";q=1;w=30', isOptional: true },
  "WWW-Authenticate": {
    description: "RFC 6750 section 3.",
    schema: text,
    example: 'Bearer realm="edge-otp", error="invalid_token"',
  },
  ETag: { schema: text, example: example.etag },
  Allow: { schema: text, example: "POST" },
} as const satisfies Record<string, Header>;

export type HeaderName = keyof typeof headers;
