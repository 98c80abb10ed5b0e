import { readFile } from "node:fs/promises";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { ERRORS } from "../../src/errors.ts";
import { createDocument } from "../../src/openapi/document.ts";
import { updateClient } from "../../src/openapi/update-client.ts";
import { description } from "../harness/description.ts";

const text = await readFile("src/openapi/document.json", "utf8");
const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };

const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
);

describe("the document", () => {
  it("is what the schemas make: after a change of theirs, `npm run openapi` writes it anew", () => {
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(createDocument(version))));
  });

  it("makes the types of the client: after a change, `npm run openapi` writes them anew", async () => {
    const client = await readFile("src/client.ts", "utf8");
    const made = updateClient(client, createDocument(version));
    expect(await format(made, { parser: "typescript", printWidth: 110 })).toBe(client);
  });

  it("is OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(text);
    expect([errors, valid, validator.version]).toEqual([undefined, true, "3.1"]);
  });

  it("has no fault that a linter knows: every reference resolves, every example is of its schema", async () => {
    const config = await createConfig({
      extends: ["recommended-strict"],
      // A GET that takes nothing has nothing to refuse.
      rules: { "operation-4xx-response": "off" },
    });
    const problems = await lintFromString({ source: text, absoluteRef: "/openapi.json", config });
    const found = problems.map(({ ruleId, location }) => [ruleId, location[0]?.pointer]);
    // x-unmatched uses it, which the linter does not read.
    expect(found).toEqual([["no-unused-components", "#/components/responses/METHOD_NOT_ALLOWED"]]);
  });

  it("has every route of the app, and no other", () => {
    const { routes } = createApp(() => Promise.resolve({ problems: [], metrics: null }));
    const served = routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual([...new Set(served)].sort());
  });

  it("has an example of every error code, with its message and what stands beside it", () => {
    const examples = description.components["examples"] as Record<string, { value: unknown }>;
    expect(Object.keys(examples)).toEqual(Object.keys(ERRORS));
    for (const [code, { message }] of Object.entries(ERRORS)) {
      expect(examples[code]?.value).toMatchObject({ success: false, error: { code, message } });
    }
  });

  it("answers each code with the status that it has", () => {
    const used = new Set<string>();
    for (const { operation } of [...operations, { operation: { responses: description["x-unmatched"] } }]) {
      for (const [status, response] of Object.entries(operation.responses)) {
        for (const code of codesOf(response)) {
          used.add(code);
          expect([code, ERRORS[code as keyof typeof ERRORS].status]).toEqual([code, Number(status)]);
        }
      }
    }
    expect([...used].sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it("has words and an example for every request, and for every success in JSON", () => {
    for (const { operation } of operations) {
      const { summary, operationId, requestBody, responses } = operation as unknown as {
        summary: string;
        operationId: string;
        requestBody?: { content: Record<string, { examples: object }> };
        responses: Record<string, { content?: Record<string, { examples?: object }> }>;
      };
      expect([operationId, summary]).not.toContain("");
      if (requestBody) expect(requestBody.content["application/json"]?.examples).not.toEqual({});
      const json = responses["200"]?.content?.["application/json"];
      if (json && operationId !== "openapi")
        expect([operationId, json.examples ?? {}]).not.toEqual([operationId, {}]);
    }
  });

  it("can stand in a page as it is", () => {
    for (const { path, operation } of operations)
      expect(`${path} ${(operation as unknown as { summary: string }).summary}`).not.toMatch(/[<>&"]/);
    expect(description.info.title).not.toMatch(/[<>&"]/);
  });
});

/** The codes of the errors that a response refers to, itself or by another's name. */
function codesOf(response: object): readonly string[] {
  const ref = /^#\/components\/responses\/(.+)$/.exec((response as { $ref?: string }).$ref ?? "")?.[1];
  if (ref !== undefined) return codesOf(description.components["responses"]?.[ref] ?? {});
  return [...JSON.stringify(response).matchAll(/#\/components\/examples\/(\w+)/g)].map(
    ([, code = ""]) => code,
  );
}
