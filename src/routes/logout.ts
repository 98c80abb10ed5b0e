import * as z from "zod/mini";
import { signOut } from "../sessions/sign-out.ts";
import { succeed } from "./answer.ts";
import { bearerToken } from "./bearer.ts";
import { optionalFlag, optionalText } from "./fields.ts";
import { createHandlers } from "./handlers.ts";
import { optionalJsonBody } from "./json-body.ts";

export const logoutRequest = z.object({
  refreshToken: optionalText("refreshToken", 4096),
  everywhere: optionalFlag("everywhere"),
});

/** `POST /api/v1/auth/logout`: with a bearer token and no body, or a refresh token in the body. Always 200. */
export const logout = createHandlers(optionalJsonBody(logoutRequest), async (c) => {
  const { deps, upstreams } = c.var;
  await signOut({ accessToken: bearerToken(c), ...c.req.valid("json") }, { ...deps, ...upstreams });
  return succeed(c, { message: "Logged out successfully" });
});
