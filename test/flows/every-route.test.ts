import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { description } from "../harness/description.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService } from "../harness/service.ts";

interface Described {
  readonly security: readonly object[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, object>>;
}

/** Every operation of the document, its path filled in. */
const routes = Object.entries(description.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([verb, operation]) => {
    const path = template.replace("{sid}", "q83vEjRWeJASNFZ4").replace("{file}", "viewer.js");
    const { security, requestBody, responses } = operation as unknown as Described;
    return { name: `${verb.toUpperCase()} ${template}`, method: verb.toUpperCase(), path, security, requestBody, responses }; // prettier-ignore
  }),
);
const withBody = routes.filter(({ requestBody }) => requestBody !== undefined);
const forBearers = routes.filter(({ security }) => JSON.stringify(security) === '[{"bearer":[]}]');

let service: Service;
let misconfigured: Service;
let accessToken: string;
beforeAll(async () => {
  service = await startService();
  misconfigured = await startService({ ISSUER: undefined }, { ...service, close: () => Promise.resolve() });
  const phone = freshPhone();
  await service.sendOtp({ phone });
  const { body } = await service.verifyOtp({ phone, otp: service.codeFor(phone) });
  ({ accessToken } = body.data?.["tokens"] as { accessToken: string });
});
afterAll(async () => {
  await misconfigured.close();
  await service.close();
});

/** Status and code; the harness holds the rest to the document. */
async function ask(of: Service, { method, path }: { method: string; path: string }, init: RequestInit = {}) {
  const { status, body } = await of.request(path, { method, ...init });
  return [status, body.error?.["code"]];
}

const json = { "Content-Type": "application/json" };

describe.each(routes)("$name", (route) => {
  it("is MISCONFIGURED where the service is", async () => {
    expect(await ask(misconfigured, route)).toEqual([503, "MISCONFIGURED"]);
  });

  it("has no method that the document does not have", async () => {
    expect(await ask(service, { ...route, method: "PUT" })).toEqual([405, "METHOD_NOT_ALLOWED"]);
  });
});

describe.each(withBody)("the body of $name", (route) => {
  it.each([
    [413, "BODY_TOO_LARGE", { headers: json, body: JSON.stringify({ a: "a".repeat(16 * 1024) }) }],
    [415, "UNSUPPORTED_MEDIA_TYPE", { headers: { "Content-Type": "text/plain" }, body: "{}" }],
    [400, "INVALID_REQUEST", { headers: json, body: '{"phone":1,"refreshToken":1}' }],
  ])("is refused as the document says: %i", async (status, code, init) => {
    expect(await ask(service, route, init)).toEqual([status, code]);
  });
});

describe.each(forBearers)("$name, for bearers", (route) => {
  it("is for nobody else", async () => {
    expect(await ask(service, route)).toEqual([401, "UNAUTHORIZED"]);
  });

  it("is unavailable where the store is", async () => {
    service.store.plan(() => "drop_before");
    const headers = { Authorization: `Bearer ${accessToken}` };
    expect(await ask(service, route, { headers })).toEqual([503, "SERVICE_UNAVAILABLE"]);
    service.store.plan(() => "pass");
  });
});

describe("a number", () => {
  it.each([
    [400, "INVALID_PHONE", "+9112345"],
    [403, "COUNTRY_NOT_ALLOWED", "+4915112345678"],
    [403, "NUMBER_NOT_ALLOWED", "+911123456789"],
  ])("is refused by send-otp and verify-otp alike: %i %s", async (status, code, phone) => {
    for (const path of ["/api/v1/auth/send-otp", "/api/v1/auth/verify-otp"]) {
      const init = { headers: json, body: JSON.stringify({ phone, otp: "123456" }) };
      expect(await ask(service, { method: "POST", path }, init)).toEqual([status, code]);
    }
  });
});
