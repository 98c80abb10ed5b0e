import { violations } from "../harness/description.ts";
import type { HostileRequest } from "./requests.ts";

/** What strangers may read, and a text message, which is all that they can ask for. */
const PUBLIC =
  /^\/(health|ready|openapi\.json|docs(\/[^/]+)?|\.well-known\/jwks\.json|api\/v1\/auth\/send-otp)$/;
/** What a bearer may read. */
const OWN = /^\/api\/v1\/auth\/(me|sessions)$/;
/** Whoever is signed in or not is signed out afterwards, and hears no more than that. */
const SIGN_OUT = "/api/v1/auth/logout";

/** All that is wrong with the answer to a request, each with the request; empty where nothing is. */
export async function judge(url: string, asked: HostileRequest): Promise<readonly string[]> {
  const wrong = await wrongWith(url, asked).catch((error: unknown) => [String(error)]);
  return wrong.map((what) => `${what}: ${JSON.stringify(asked)}`);
}

async function wrongWith(url: string, asked: HostileRequest): Promise<readonly string[]> {
  const { method, headers: sentHeaders, body } = asked;
  const response = await fetch(url + asked.path, { method, headers: sentHeaders, body, redirect: "manual" });
  const { status, headers } = response;
  const text = await response.text();
  const path = new URL(url + asked.path).pathname;
  const mayHear = PUBLIC.test(path) || path === SIGN_OUT || (OWN.test(path) && asked.isAuthentic);
  return [
    ...violations({ method, path, sent: body, status, headers, text }),
    ...(status >= 500 ? [`${status} ${text}`] : []),
    ...(status === 200 && !mayHear ? ["a forgery was accepted"] : []),
    ...(status >= 300 && status < 400 ? [`it leads elsewhere by ${status}`] : []),
  ];
}
