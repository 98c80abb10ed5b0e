import * as z from "zod/mini";

/** A schema that the document knows by name, with words for each of its fields. */
interface Named {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

type Words<S extends z.ZodMiniObject> = Readonly<Record<keyof S["shape"] & string, string>>;

export type NamedRegistry = z.core.$ZodRegistry<Named>;

/** Bodies of requests, described as they are written. */
export const requests: NamedRegistry = z.registry<Named>();

/** Bodies of answers, described as they are read. */
export const answers: NamedRegistry = z.registry<Named>();

/** Names a request; a field without words does not compile. */
export function nameRequest<S extends z.ZodMiniObject>(id: string, schema: S, fields: Words<S>): S {
  requests.add(schema, { id, fields });
  return schema;
}

/** Names an answer, or a part of one; a field without words does not compile. */
export function nameAnswer<S extends z.ZodMiniObject>(id: string, schema: S, fields: Words<S>): S {
  answers.add(schema, { id, fields });
  return schema;
}
