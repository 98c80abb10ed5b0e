import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { namedSchemas } from "../../src/openapi/json-schema.ts";
import { description } from "../harness/description.ts";

describe("the schemas of the document", () => {
  it("have for each field its own words, also where two fields are of one schema", () => {
    const wait = z.int().check(z.gte(1));
    const fields = { first: "Milliseconds.", second: "Seconds.", third: "" };
    const registry = z.registry<{ readonly id: string; readonly fields: typeof fields }>();
    registry.add(z.object({ first: wait, second: wait, third: wait }), { id: "Waits", fields });
    expect(namedSchemas(registry, "output")).toEqual({
      Waits: {
        type: "object",
        properties: {
          first: { type: "integer", minimum: 1, description: "Milliseconds." },
          second: { type: "integer", minimum: 1, description: "Seconds." },
          third: { type: "integer", minimum: 1 },
        },
        required: ["first", "second", "third"],
      },
    });
  });

  it("name the unit of every wait", () => {
    const limited = description.components["schemas"]?.["OTP_RATE_LIMIT_EXCEEDED"];
    expect(limited).toMatchObject({
      properties: {
        retryAfterMs: { description: expect.stringMatching(/^Milliseconds/) as string },
        retryAfter: { description: expect.stringMatching(/^Seconds/) as string },
      },
    });
  });

  it("bound no whole number by what a machine can hold", () => {
    expect(JSON.stringify(description)).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });
});
