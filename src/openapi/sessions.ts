import * as z from "zod/mini";
import { example } from "./examples.ts";
import { nameAnswer } from "./named.ts";
import type { Operation } from "./operation.ts";

const session = nameAnswer(
  "Session",
  z.object({
    sid: z.string(),
    role: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    deviceId: z.nullable(z.string()),
    deviceName: z.nullable(z.string()),
    userAgent: z.string(),
    current: z.boolean(),
  }),
  {
    sid: "As in its access tokens.",
    role: "",
    createdAt: "",
    lastUsedAt: "",
    deviceId: "As in verify-otp.",
    deviceName: "As in verify-otp.",
    userAgent: "A family, such as `okhttp`, or `other`.",
    current: "The one that asks.",
  },
);

const list = nameAnswer("SessionsAnswer", z.object({ sessions: z.array(session) }), {
  sessions: "The last used first.",
});

const ended = nameAnswer("EndSessionAnswer", z.object({ message: z.literal("The session has ended.") }), {
  message: "",
});

export const listSessions: Operation<"GET /api/v1/auth/sessions"> = {
  id: "listSessions",
  tag: "Sessions",
  summary: "List my sessions",
  bearer: "required",
  success: "The bearer's own.",
  answer: {
    data: list,
    examples: {
      one: {
        summary: "One session",
        value: {
          sessions: [
            {
              sid: example.sid,
              role: "customer",
              createdAt: "2026-11-20T09:41:00.000Z",
              lastUsedAt: "2026-11-23T18:02:11.000Z",
              deviceId: null,
              deviceName: "Pixel of Asha",
              userAgent: "okhttp",
              current: true,
            },
          ],
        },
      },
    },
  },
  failures: { UNAUTHORIZED: true, SERVICE_UNAVAILABLE: true },
};

export const endSession: Operation<"DELETE /api/v1/auth/sessions/:sid"> = {
  id: "endSession",
  tag: "Sessions",
  summary: "End one of my sessions",
  bearer: "required",
  path: { sid: example.sid },
  success: "Ended.",
  answer: {
    data: ended,
    examples: { ended: { summary: "Ended", value: { message: "The session has ended." } } },
  },
  failures: { UNAUTHORIZED: true, NOT_FOUND: true, SERVICE_UNAVAILABLE: true },
};
