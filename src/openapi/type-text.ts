import type { Json } from "./json-schema.ts";

/** A JSON schema of the document as the text of a TypeScript type. */
export function typeText(schema: Json): string {
  const { $ref: ref, const: only, enum: some, type, items } = schema;
  if (typeof ref === "string") return nameIn(ref);
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(some)) return some.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(type)) return type.map((one: unknown) => typeText({ ...schema, type: one })).join(" | ");
  if (type === "array") return `readonly (${typeText(items as Json)})[]`;
  if (type === "object") return objectText(schema);
  return BASIC[type as keyof typeof BASIC];
}

const BASIC = { string: "string", integer: "number", number: "number", boolean: "boolean", null: "null" };

/** Braces and what stands between them, each field with its words. */
export function objectText(schema: Json): string {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined) {
    const fields = Object.entries(properties as Readonly<Record<string, Json>>);
    const required = (schema["required"] ?? []) as readonly string[];
    return `{${fields.map(([name, field]) => fieldText(name, field, required.includes(name))).join("\n")}}`;
  }
  const value = additionalProperties === undefined ? "unknown" : typeText(additionalProperties as Json);
  return `{ readonly [name: string]: ${value} }`;
}

function fieldText(name: string, field: Json, isRequired: boolean): string {
  const words = field["description"];
  const comment = typeof words === "string" ? `/** ${words} */\n` : "";
  const type = typeText(field);
  return `${comment}readonly ${name}${isRequired ? `: ${type}` : `?: ${type} | undefined`};`;
}

/** The name that a reference ends with. */
export const nameIn = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);
