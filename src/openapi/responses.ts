import type { ErrorCode } from "../errors.ts";
import { ERRORS } from "../errors.ts";
import type { Failure } from "./failures.ts";
import { failures } from "./failures.ts";
import { headerRefs } from "./header-refs.ts";
import type { Json } from "./json-schema.ts";
import { schemaUri } from "./json-schema.ts";

/** What any route may answer. */
const ANYWHERE: readonly ErrorCode[] = ["INTERNAL_ERROR", "MISCONFIGURED"];
/** What no route answers. */
const UNMATCHED: readonly ErrorCode[] = ["NOT_FOUND", "METHOD_NOT_ALLOWED"];

const failureOf = (code: ErrorCode): Failure => failures[code];
const isCode = (text: string): text is ErrorCode => text in ERRORS;

/** `{"success":…}` and the one field beside it. */
export function envelope(success: boolean, field: string, schema: unknown): Json {
  const properties = { success: { type: "boolean", const: success }, [field]: schema };
  return { type: "object", properties, required: ["success", field] };
}

/** The failures of an operation by status, those of all operations among them. */
export function failureResponses(codes: readonly string[]): Json {
  return Object.fromEntries(byStatus(codes).map((same) => [ERRORS[same[0]].status, refOf(same)]));
}

type Codes = readonly [ErrorCode, ...ErrorCode[]];

/** With those that any route may answer, one list a status. */
function byStatus(codes: readonly string[]): readonly Codes[] {
  const all = [...codes.filter(isCode), ...ANYWHERE];
  const firsts = all.filter((code, index) => index === all.findIndex((one) => isSameStatus(one, code)));
  return firsts.map((first) => [first, ...all.filter((code) => code !== first && isSameStatus(code, first))]);
}

const isSameStatus = (one: ErrorCode, other: ErrorCode) => ERRORS[one].status === ERRORS[other].status;

/** What answers where no operation is: a path or a method that the document does not have. */
export function unmatchedResponses(): Json {
  return Object.fromEntries([...UNMATCHED, ...ANYWHERE].map((code) => [ERRORS[code].status, refOf([code])]));
}

const MOST_NAMED = 2;

/** One or two codes are met in many places, more in one. */
function refOf(codes: Codes): Json {
  return codes.length > MOST_NAMED
    ? failureResponse(codes)
    : { $ref: `#/components/responses/${nameOf(codes)}` };
}

const nameOf = (codes: readonly ErrorCode[]) => codes.toSorted().join("_or_");

/** The responses that `paths` and `unmatched` refer to. */
export function responseComponents(operations: readonly (readonly string[])[]): Json {
  const unmatched = UNMATCHED.map((code): Codes => [code]);
  const named = [...operations.flatMap(byStatus), ...unmatched].filter((codes) => codes.length <= MOST_NAMED);
  return Object.fromEntries(named.map((codes) => [nameOf(codes), failureResponse(codes)]));
}

function failureResponse(codes: readonly ErrorCode[]): Json {
  const refs = codes.map((code) => ({ $ref: schemaUri(code) }));
  const union = { oneOf: refs, discriminator: { propertyName: "code" } };
  const named = codes.map((code) => failureOf(code).headers ?? []);
  const inAll = named[0]?.filter((name) => named.every((names) => names.includes(name))) ?? [];
  const sometimes = [...new Set(named.flat())].filter((name) => !inAll.includes(name));
  return {
    description: codes.map((code) => `\`${code}\`: ${failureOf(code).when}`).join("\n\n"),
    headers: headerRefs(inAll, sometimes),
    content: {
      "application/json": {
        schema: envelope(false, "error", codes.length === 1 ? refs[0] : union),
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}
