import * as z from "zod/mini";
import { logoutRequest } from "../routes/logout.ts";
import { example } from "./examples.ts";
import { nameAnswer, nameRequest } from "./named.ts";
import type { Operation } from "./operation.ts";

const answer = nameAnswer("LogoutAnswer", z.object({ message: z.literal("Logged out successfully") }), {
  message: "",
});

export const logout: Operation<"POST /api/v1/auth/logout"> = {
  id: "logout",
  tag: "Sessions",
  summary: "Sign out",
  description:
    "With an access token and no body, or a refresh token. 200 also where there was nothing to end.",
  bearer: "optional",
  body: {
    isOptional: true,
    schema: nameRequest("LogoutRequest", logoutRequest, {
      refreshToken: "",
      everywhere: "All sessions of the person in this role.",
    }),
    examples: {
      here: { summary: "On this device", value: { refreshToken: example.refreshToken } },
      everywhere: {
        summary: "On all devices",
        value: { refreshToken: example.refreshToken, everywhere: true },
      },
    },
  },
  success: "Signed out.",
  answer: {
    data: answer,
    examples: { out: { summary: "Signed out", value: { message: "Logged out successfully" } } },
  },
  failures: {
    INVALID_REQUEST: true,
    BODY_TOO_LARGE: true,
    UNSUPPORTED_MEDIA_TYPE: true,
    SERVICE_UNAVAILABLE: true,
  },
};
