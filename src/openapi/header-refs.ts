import type { Header, HeaderName } from "./headers.ts";
import { headers } from "./headers.ts";
import type { Json } from "./json-schema.ts";
import { inlineSchema } from "./json-schema.ts";

/** On every answer. */
const ALWAYS: readonly HeaderName[] = ["X-Request-Id", "Cache-Control", "Server-Timing"];
const HEADERS = Object.keys(headers) as HeaderName[];
const isOptional = (name: HeaderName) => "isOptional" in headers[name];

/** Every header of an answer. */
export const headerComponents: Json = Object.fromEntries(
  HEADERS.map((name) => [name, { ...describeHeader(name), ...(isOptional(name) ? {} : { required: true }) }]),
);

/** Those of every answer, these, and what only some of its bodies come with. */
export function headerRefs(names: readonly HeaderName[] = [], sometimes: readonly HeaderName[] = []): Json {
  return Object.fromEntries([
    ...[...ALWAYS, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
    ...sometimes.map((name) => [name, describeHeader(name)]),
  ]);
}

function describeHeader(name: HeaderName): Json {
  const { isOptional: _, schema, ...words }: Header = headers[name];
  return { ...words, schema: inlineSchema(schema) };
}
