import type { Caller } from "./contender.ts";

let phones = 0;
let addresses = 0;

/** Has no factor in common with 10 ** 8, so that as many numbers come before one repeats, and spread over all prefixes. */
const STEP = 38_196_601;

/** A mobile number in India, in E.164, that this process has not used before. */
export function nextPhone(): string {
  phones = (phones + STEP) % 10 ** 8;
  return `+9198${String(phones).padStart(8, "0")}`;
}

/** An address that this process has not used before. */
export function nextAddress(): string {
  addresses += 1;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

/** The headers by which a Worker on Cloudflare tells its callers apart, and a repeat from another try. */
export function headersOf({
  address = nextAddress(),
  idempotencyKey,
}: Caller): Readonly<Record<string, string>> {
  return {
    "CF-Connecting-IP": address,
    ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
  };
}
