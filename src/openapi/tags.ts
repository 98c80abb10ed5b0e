/** How the reference is divided, in its order. */
export const tags = {
  "Sign-in": "A phone number, a code by SMS, a session.",
  Sessions: "What the tokens of a sign-in are good for.",
  Service: "For backends, monitors and tools.",
} as const;

export type TagName = keyof typeof tags;
