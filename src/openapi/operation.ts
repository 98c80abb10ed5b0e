import type { ExtractSchema } from "hono/types";
import type * as z from "zod/mini";
import type { AppType } from "../app.ts";
import type { HeaderName } from "./headers.ts";
import type { ParameterName } from "./parameters.ts";
import type { TagName } from "./tags.ts";

type Api = ExtractSchema<AppType>;

/** Every route of the app, as `GET /health`. */
export type Route = {
  [Path in keyof Api]: keyof Api[Path] extends infer Method
    ? Method extends `$${infer Verb}`
      ? `${Uppercase<Verb>} ${Path}`
      : never
    : never;
}[keyof Api];

type EndpointOf<R extends Route> = R extends `${infer Verb} ${infer Path extends keyof Api}`
  ? Api[Path][`$${Lowercase<Verb>}` & keyof Api[Path]]
  : never;

/** Of a union of endpoints, one a status, what they hold under this name. */
type Held<E, Name extends string> = E extends Readonly<Record<Name, infer T>> ? T : never;

type InputOf<R extends Route> = Held<EndpointOf<R>, "input">;
type Refused = { readonly output: { readonly success: false } };
/** The error codes that the compiler sees in a route's handlers; what is thrown it does not see. */
type CodeOf<R extends Route> = Held<Held<Held<Extract<EndpointOf<R>, Refused>, "output">, "error">, "code"> &
  string;

interface Example<T> {
  readonly summary: string;
  readonly value: T;
}

export type Examples<T = unknown> = Readonly<Record<string, Example<T>>>;

/** A success, by what the handler answers: the schema's output must be assignable to that. */
type AnswerOf<R extends Route> = AnswerAs<Exclude<EndpointOf<R>, Refused>>;

type AnswerAs<E> = E extends { readonly output: infer Json; readonly outputFormat: "json" }
  ? Json extends { readonly success: true; readonly data: infer Data }
    ? { readonly data: z.ZodMiniType<Data>; readonly examples: Examples<Data> }
    : { readonly json: z.ZodMiniType<Json>; readonly examples: Examples<Json> }
  : { readonly content: Readonly<Record<string, string>> };

interface Body<Json> {
  readonly schema: z.ZodMiniType<unknown, Json>;
  readonly examples: Examples<Json>;
}

interface Described {
  readonly id: string;
  readonly tag: TagName;
  readonly summary: string;
  readonly description?: string;
  readonly bearer?: "required" | "optional";
  /** Headers of the request. */
  readonly parameters?: readonly ParameterName[];
  /** What a success is. */
  readonly success: string;
  /** Headers of a success beside those of every answer. */
  readonly headers?: readonly HeaderName[];
  /** Whoever has the answer already is told so by a 304. */
  readonly isRevalidated?: true;
}

/** Any operation, as the document is made from it. */
export interface AnyOperation extends Described {
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: Body<unknown> & { readonly isOptional?: true };
  readonly answer:
    | { readonly data: z.ZodMiniType; readonly examples: Examples }
    | { readonly json: z.ZodMiniType; readonly examples: Examples }
    | { readonly content: Readonly<Record<string, string>> };
  readonly failures: Readonly<Record<string, true>>;
}

/** The description of one route, held to the types that its handlers have. */
export type Operation<R extends Route> = Described & {
  readonly answer: AnswerOf<R>;
  /** Every code that the handlers answer with, and the one that the store throws. */
  readonly failures: Readonly<Record<CodeOf<R>, true>> & { readonly SERVICE_UNAVAILABLE?: true };
} & PathOf<InputOf<R>> &
  BodyOf<InputOf<R>>;

type PathOf<Input> = Input extends { readonly param: infer Names }
  ? { readonly path: Readonly<Record<keyof Names, string>> }
  : unknown;

type BodyOf<Input> = Input extends { readonly json: infer Json }
  ? { readonly body: Body<Json> }
  : "json" extends keyof Input
    ? { readonly body: Body<NonNullable<Input["json"]>> & { readonly isOptional: true } }
    : unknown;
