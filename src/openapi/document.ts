import type * as z from "zod/mini";
import { errorExamples } from "./error-bodies.ts";
import { headerComponents, headerRefs } from "./header-refs.ts";
import type { Json } from "./json-schema.ts";
import { inlineSchema, namedSchemas, schemaUri } from "./json-schema.ts";
import { answers, requests } from "./named.ts";
import type { AnyOperation } from "./operation.ts";
import { operations } from "./operations.ts";
import type { Parameter } from "./parameters.ts";
import { parameters } from "./parameters.ts";
import { envelope, failureResponses, responseComponents, unmatchedResponses } from "./responses.ts";
import { tags } from "./tags.ts";

const described: readonly (readonly [string, AnyOperation])[] = Object.entries(operations);

/** OpenAPI 3.1, made from the schemas that validate. The service puts its own address in the place of `servers`. */
export function createDocument(version: string): Json {
  const failures = described.map(([, operation]) => Object.keys(operation.failures));
  return {
    openapi: "3.1.1",
    info: {
      title: "edge-otp",
      version,
      summary: "Phone sign-in at the edge.",
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: createPaths(),
    components: {
      schemas: { ...namedSchemas(requests, "input"), ...namedSchemas(answers, "output") },
      responses: responseComponents(failures),
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, one]) => [name, headerParameter(name, one)]),
      ),
      examples: errorExamples,
      headers: headerComponents,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The access token of a sign-in.",
        },
      },
    },
    "x-unmatched": unmatchedResponses(),
  };
}

const DESCRIPTION = `JSON in and out, bodies of at most 16 KiB. A success is \`{"success":true,"data":{…}}\`, a failure \`{"success":false,"error":{"code","message","requestId",…}}\`. Codes are for programs and never change; messages are for people. Ignore fields that you do not know: more may come.

A path that is not here is 404 \`NOT_FOUND\`, another method 405 \`METHOD_NOT_ALLOWED\`. GET answers HEAD too.

A 401 means one thing: this token is no good. After a 5xx, a time-out or a lost connection, repeat with the same \`Idempotency-Key\`.`;

function createPaths(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [route, operation] of described) {
    const [method = "", path = ""] = route.split(" ");
    const template = path.replaceAll(/:(\w+)/g, "{$1}");
    (paths[template] ??= {})[method.toLowerCase()] = createOperation(operation);
  }
  return paths;
}

function createOperation(operation: AnyOperation): Json {
  const { id, tag, summary, description, bearer, body } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(bearer),
    parameters: parametersOf(operation),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: { ...successResponses(operation), ...failureResponses(Object.keys(operation.failures)) },
  };
}

function securityOf(bearer: AnyOperation["bearer"]): readonly Json[] {
  if (bearer === undefined) return [];
  return bearer === "required" ? [{ bearer: [] }] : [{}, { bearer: [] }];
}

function parametersOf({ path = {}, parameters: own = [], isRevalidated }: AnyOperation): readonly Json[] {
  const inPath = Object.entries(path).map(([name, example]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    example,
  }));
  const names = [
    "X-Request-Id",
    "traceparent",
    "tracestate",
    ...own,
    ...(isRevalidated ? ["If-None-Match"] : []),
  ];
  return [...inPath, ...names.map((name) => ({ $ref: `#/components/parameters/${name}` }))];
}

function headerParameter(name: string, { description, schema, example }: Parameter): Json {
  return { name, in: "header", description, schema: inlineSchema(schema), example };
}

function requestBody({ schema, isOptional, examples }: NonNullable<AnyOperation["body"]>): Json {
  const content = { "application/json": { schema: refTo(schema), examples } };
  return { required: isOptional !== true, content };
}

function successResponses({ success, headers, answer, isRevalidated }: AnyOperation): Json {
  const shared = headerRefs(headers);
  const ok = { description: success, headers: shared, content: contentOf(answer) };
  if (!isRevalidated) return { "200": ok };
  return { "200": ok, "304": { description: "The caller has it already.", headers: shared } };
}

function contentOf(answer: AnyOperation["answer"]): Json {
  if ("content" in answer) {
    return Object.fromEntries(
      Object.entries(answer.content).map(([type, of]) => [type, { schema: { type: of } }]),
    );
  }
  if ("json" in answer)
    return { "application/json": { schema: refTo(answer.json), examples: answer.examples } };
  const examples = Object.entries(answer.examples).map(([name, { summary, value }]) => [
    name,
    { summary, value: { success: true, data: value } },
  ]);
  const schema = envelope(true, "data", refTo(answer.data));
  return { "application/json": { schema, examples: Object.fromEntries(examples) } };
}

function refTo(schema: z.ZodMiniType): Json {
  const named = requests.get(schema) ?? answers.get(schema);
  if (named === undefined) throw new TypeError("A body has a schema without a name");
  return { $ref: schemaUri(named.id) };
}
