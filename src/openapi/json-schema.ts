import * as z from "zod/mini";
import type { NamedRegistry } from "./named.ts";

export type Json = Readonly<Record<string, unknown>>;

/** Where the document keeps its schemas. */
export const schemaUri = (id: string) => `#/components/schemas/${id}`;

/** All schemas of a registry by their names; each names the others instead of holding them. */
export function namedSchemas(registry: NamedRegistry, io: "input" | "output"): Json {
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: schemaUri,
    override({ zodSchema, jsonSchema }) {
      const fields = registry.get(zodSchema)?.fields ?? {};
      const { properties = {} } = jsonSchema;
      for (const [name, description] of Object.entries(fields)) {
        const property = properties[name];
        // A copy: two fields of one schema share the object.
        if (typeof property === "object" && description !== "")
          properties[name] = { ...property, description };
      }
    },
  });
  return tidy(schemas) as Json;
}

/** A schema without a name. */
export function inlineSchema(schema: z.ZodMiniType): Json {
  return tidy(z.toJSONSchema(schema, { io: "output" })) as Json;
}

/** What is true of every place or is said twice is left out, and callers are never promised that nothing will be added. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, inner]) => !isNoise(name, inner, value));
  return nullableInOne(Object.fromEntries(kept.map(([name, inner]) => [name, tidy(inner)])));
}

function isNoise(name: string, inner: unknown, around: object): boolean {
  if (name === "$schema" || name === "$id" || name === "propertyNames") return true;
  if (name === "additionalProperties") return inner === false;
  if (name === "pattern") return "format" in around;
  return (name === "maximum" || name === "minimum") && Math.abs(Number(inner)) === Number.MAX_SAFE_INTEGER;
}

/** `anyOf` of a type and null is a list of two types: generators of clients know that as nullable. */
function nullableInOne(schema: Json): Json {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const [one, other] = anyOf as [Json, Json];
  return other["type"] === "null" && typeof one["type"] === "string"
    ? { ...one, type: [one["type"], "null"], ...rest }
    : schema;
}
