import * as z from "zod/mini";
import { refreshSession } from "../sessions/refresh.ts";
import { succeed } from "./answer.ts";
import { refuseToken } from "./bearer.ts";
import { requiredText } from "./fields.ts";
import { createHandlers } from "./handlers.ts";
import { jsonBody } from "./json-body.ts";

export const refreshRequest = z.object({ refreshToken: requiredText("refreshToken", 4096) });

/** `POST /api/v1/auth/refresh`. */
export const refresh = createHandlers(jsonBody(refreshRequest), async (c) => {
  const { deps, upstreams } = c.var;
  const result = await refreshSession(c.req.valid("json").refreshToken, { ...deps, ...upstreams });
  return result.ok ? succeed(c, result.tokens) : refuseToken(c, result.reason);
});
