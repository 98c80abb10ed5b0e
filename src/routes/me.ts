import { userOf } from "../directory/user.ts";
import { displayPhone } from "../phone.ts";
import { succeed } from "./answer.ts";
import { requireBearer } from "./bearer.ts";
import { createHandlers } from "./handlers.ts";

/** `GET /api/v1/auth/me`: who the bearer is. One store request. */
export const me = createHandlers(async (c) => {
  const bearer = await requireBearer(c);
  if ("refusal" in bearer) return bearer.refusal;
  const { app, record, profile, claims } = bearer;
  const person = { role: app.role, displayPhone: displayPhone(record.phone, app), userId: claims.subject };
  return succeed(c, { user: userOf({ ...person, record: profile }).user });
});
