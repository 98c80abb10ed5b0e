import * as z from "zod/mini";
import { nameAnswer } from "./named.ts";
import type { Operation } from "./operation.ts";
import { user, userExample } from "./person.ts";

const answer = nameAnswer("MeAnswer", z.object({ user }), { user: "" });

export const me: Operation<"GET /api/v1/auth/me"> = {
  id: "me",
  tag: "Sessions",
  summary: "Who am I",
  bearer: "required",
  success: "The bearer.",
  answer: { data: answer, examples: { user: { summary: "A person", value: { user: userExample } } } },
  failures: { UNAUTHORIZED: true, SERVICE_UNAVAILABLE: true },
};
