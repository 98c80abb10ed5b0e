import * as z from "zod/mini";

/** `APPS.<role>.turnstile`: where the role's widget stands, and the action that it names. */
export const turnstile = z.strictObject({
  hostnames: z
    .array(z.hostname("wants a host name, such as app.example.com").check(z.toLowerCase()))
    .check(z.minLength(1)),
  action: z._default(
    z.string().check(z.regex(/^[A-Za-z0-9_-]{1,32}$/, "wants 1 to 32 letters, digits, _ or -")),
    "send-otp",
  ),
});

/** Cloudflare's own. */
export const SITEVERIFY_URL = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
