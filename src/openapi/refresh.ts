import { refreshRequest } from "../routes/refresh.ts";
import { example } from "./examples.ts";
import { nameRequest } from "./named.ts";
import type { Operation } from "./operation.ts";
import { tokens, tokensExample } from "./person.ts";

export const refresh: Operation<"POST /api/v1/auth/refresh"> = {
  id: "refresh",
  tag: "Sessions",
  summary: "Get new tokens",
  description:
    "Keep the new refresh token: a role may rotate it. The old one gets the same next one for 30 seconds, and ends the session after that.",
  body: {
    schema: nameRequest("RefreshRequest", refreshRequest, { refreshToken: "" }),
    examples: { token: { summary: "Refresh", value: { refreshToken: example.refreshToken } } },
  },
  success: "New tokens.",
  answer: { data: tokens, examples: { tokens: { summary: "New tokens", value: tokensExample } } },
  failures: {
    INVALID_REQUEST: true,
    UNAUTHORIZED: true,
    BODY_TOO_LARGE: true,
    UNSUPPORTED_MEDIA_TYPE: true,
    SERVICE_UNAVAILABLE: true,
  },
};
