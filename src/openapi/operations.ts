import { docs, openapi, viewer } from "./description.ts";
import { logout } from "./logout.ts";
import { me } from "./me.ts";
import type { Operation, Route } from "./operation.ts";
import { refresh } from "./refresh.ts";
import { sendOtp } from "./send-otp.ts";
import { health, jwks, ready } from "./service.ts";
import { endSession, listSessions } from "./sessions.ts";
import { verifyOtp } from "./verify-otp.ts";

/** Every route of the app. One that is added to the app does not compile until it is described here. */
export const operations: { readonly [R in Route]: Operation<R> } = {
  "POST /api/v1/auth/send-otp": sendOtp,
  "POST /api/v1/auth/verify-otp": verifyOtp,
  "POST /api/v1/auth/refresh": refresh,
  "POST /api/v1/auth/logout": logout,
  "GET /api/v1/auth/me": me,
  "GET /api/v1/auth/sessions": listSessions,
  "DELETE /api/v1/auth/sessions/:sid": endSession,
  "GET /.well-known/jwks.json": jwks,
  "GET /health": health,
  "GET /ready": ready,
  "GET /openapi.json": openapi,
  "GET /docs": docs,
  "GET /docs/:file": viewer,
};
