/** The id that wrangler gives a new version. */
export const NEW = "22222222-2222-4222-8222-222222222222";

/** What wrangler writes of a deploy to these targets. */
export const entry = (targets: readonly string[]): string =>
  `${JSON.stringify({ type: "wrangler-session", version: 1 })}\n${JSON.stringify({ type: "deploy", version: 1, version_id: NEW, targets })}\n`;
