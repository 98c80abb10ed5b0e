import { readFileSync } from "node:fs";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** One request and its answer, as they were on the wire. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly sent?: unknown;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Header {
  readonly required?: boolean;
}

interface DescribedResponse {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, object>>;
}

interface DescribedOperation {
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

export interface Description {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly "x-unmatched": Readonly<Record<string, object>>;
}

/** As the Worker's bundle has it. */
export const description = JSON.parse(
  readFileSync(new URL("../../src/openapi/document.json", import.meta.url), "utf8"),
) as Description;

const ajv = addFormats.default(new Ajv2020({ strict: false }));
ajv.addSchema(description, "open");
// Callers must expect new fields; these tests must not.
ajv.addSchema(close(description) as object, "closed");

/** Where an exchange is not as the document says; empty where it is. */
export function violations(exchange: Exchange): readonly string[] {
  const { method, path, status } = exchange;
  const place = `${method} ${path} ${status}`;
  const pointer = pointerTo(exchange);
  if (pointer === null) return [`${place} is not documented: ${exchange.text.slice(0, 300)}`];
  const { response, at } = resolve(pointer);
  const problems = [...headerProblems(response, at, exchange), ...bodyProblems(response, at, exchange)];
  return [...problems, ...requestProblems(exchange)].map((problem) => `${place}: ${problem}`);
}

/** The response that the document has for it, by the operation's own or by what is said of everything else. */
function pointerTo({ method, path, status }: Exchange): string | null {
  const found = operationAt(method, path);
  const [responses, pointer] =
    found === null
      ? [description["x-unmatched"], "/x-unmatched"]
      : [found.operation.responses, `${found.pointer}/responses`];
  return String(status) in responses ? `${pointer}/${status}` : null;
}

function operationAt(method: string, path: string) {
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  for (const [template, methods] of Object.entries(description.paths)) {
    const operation = methods[verb];
    if (operation !== undefined && isOfTemplate(path, template))
      return { operation, pointer: `/paths/${template.replaceAll("/", "~1")}/${verb}` };
  }
  return null;
}

function isOfTemplate(path: string, template: string): boolean {
  const [parts, wanted] = [path.split("/"), template.split("/")];
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => (part.startsWith("{") ? parts[index] !== "" : part === parts[index]))
  );
}

function headerProblems(response: DescribedResponse, at: string, { headers }: Exchange): string[] {
  const documented = response.headers ?? {};
  const known = Object.keys(description.components["headers"] ?? {});
  const undocumented = known.filter((name) => headers.has(name) && !(name in documented));
  const wrong = Object.keys(documented).flatMap((name) => {
    const { response: header, at: pointer } = resolve(`${at}/headers/${name}`);
    const value = headers.get(name);
    if (value === null) return (header as Header).required === true ? [`no ${name}`] : [];
    const typed = /^\d+$/.test(value) ? [value, Number(value)] : [value];
    const isValid = validatorOf(`open#${pointer}/schema`);
    return typed.some((one) => isValid(one)) ? [] : [`${name} is ${value}`];
  });
  return [...undocumented.map((name) => `${name} is not documented`), ...wrong];
}

function bodyProblems(response: DescribedResponse, at: string, exchange: Exchange): string[] {
  const { method, headers, text } = exchange;
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  if (method === "HEAD" || response.content === undefined) return text === "" ? [] : ["has a body"];
  if (!(type in response.content)) return [`${type} is not documented`];
  const isJson = type === "application/json";
  const validate = validatorOf(`closed#${at}/content/${type.replaceAll("/", "~1")}/schema`);
  return validate(isJson ? JSON.parse(text) : text) ? [] : [`${ajv.errorsText(validate.errors)}: ${text}`];
}

/** What the service takes, the document must allow. */
function requestProblems({ method, path, sent, status }: Exchange): string[] {
  const found = operationAt(method, path);
  if (status !== 200 || found?.operation.requestBody === undefined) return [];
  // Where a body may be missing, an empty one is.
  if (typeof sent !== "string" || sent === "") return [];
  const validate = validatorOf(`open#${found.pointer}/requestBody/content/application~1json/schema`);
  return validate(JSON.parse(sent)) ? [] : [`the request ${ajv.errorsText(validate.errors)}`];
}

function validatorOf(ref: string): ValidateFunction {
  const validate = ajv.getSchema(ref);
  if (validate === undefined) throw new Error(`no schema at ${ref}`);
  return validate;
}

/** What stands at a pointer, or at the one that it refers to. */
function resolve(pointer: string): { response: DescribedResponse; at: string } {
  const parts = pointer.slice(1).split("/");
  const found = parts.reduce<unknown>(
    (value, part) => (value as Record<string, unknown>)[part.replaceAll("~1", "/")],
    description,
  ) as DescribedResponse & { readonly $ref?: string };
  return found.$ref === undefined ? { response: found, at: pointer } : resolve(found.$ref.slice(1));
}

/** The same with no room for a field that is not described. */
function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close);
  if (typeof value !== "object" || value === null) return value;
  const closed = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, close(inner)]));
  return closed["type"] === "object" && "properties" in closed
    ? { ...closed, additionalProperties: false }
    : closed;
}
