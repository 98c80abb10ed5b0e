import * as z from "zod/mini";
import type { ErrorCode } from "../errors.ts";
import { ERRORS } from "../errors.ts";
import { example } from "./examples.ts";
import type { Failure } from "./failures.ts";
import { failures } from "./failures.ts";
import type { Json } from "./json-schema.ts";
import { nameAnswer } from "./named.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];
const failureOf = (code: ErrorCode): Failure => failures[code];

// Each code is a schema by its own name, so that a union of them is told apart by it.
for (const code of CODES) {
  const { extra, fields } = failureOf(code);
  const common = { code: z.literal(code), message: z.string(), requestId: z.string() };
  nameAnswer(code, z.object({ ...common, ...extra?.shape }), {
    code: "",
    message: "",
    requestId: "",
    ...fields,
  });
}

/** One example of every code. */
export const errorExamples: Json = Object.fromEntries(
  CODES.map((code) => {
    const { message } = ERRORS[code];
    const error = { code, message, requestId: example.uuid, ...failureOf(code).example };
    return [code, { value: { success: false, error } }];
  }),
);
