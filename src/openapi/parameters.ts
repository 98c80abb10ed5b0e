import * as z from "zod/mini";
import { example } from "./examples.ts";

export interface Parameter {
  readonly description: string;
  readonly schema: z.ZodMiniType;
  readonly example: string;
}

const idempotencyKey = z.string().check(z.regex(/^[ -~]{1,255}$/));

/** Every header of a request that the service reads, beside `Authorization`, `Content-Type` and `User-Agent`. */
export const parameters = {
  "X-Request-Id": {
    description: "Echoed, if it is a UUID, or 1 to 128 of `A-Za-z0-9._:-` without seven digits in a row.",
    schema: z.string(),
    example: example.uuid,
  },
  traceparent: {
    description: "W3C Trace Context; goes on to what the service asks.",
    schema: z.string(),
    example: "00-0b8c1a526d0e4c588a3c5f1d2f6f7a11-8a3c5f1d2f6f7a11-01",
  },
  tracestate: {
    description: "Goes on beside traceparent.",
    schema: z.string(),
    example: "vendor=8a3c5f1d",
  },
  "Idempotency-Key": {
    description: "A new one for each tap, the same for each repeat: it gets the same answer, with one SMS.",
    schema: idempotencyKey,
    example: example.uuid,
  },
  "X-Idempotency-Key": {
    description: "Another name for Idempotency-Key.",
    schema: idempotencyKey,
    example: example.uuid,
  },
  "If-None-Match": {
    description: "An ETag.",
    schema: z.string(),
    example: example.etag,
  },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof parameters;
