import type { ErrorCode } from "../errors.ts";
import { ERRORS } from "../errors.ts";
import type { Json } from "./json-schema.ts";
import { nameIn, objectText, typeText } from "./type-text.ts";

type Named = Readonly<Record<string, Json>>;

/** What stands above what is made. */
const MARK = "/* From here on made from src/openapi/document.json. */\n";

/** `src/client.ts` with its types made anew: every schema and route of the document, in the form that `hc` of Hono reads. */
export function updateClient(client: string, document: Json): string {
  const { schemas } = document["components"] as { readonly schemas: Named };
  const paths = document["paths"] as Readonly<Record<string, Named>>;
  const statuses = Object.entries(ERRORS).map(([code, { status }]) => `readonly ${code}: ${status};`);
  const routes = Object.entries(paths).map(([path, methods]) => routeText(path, methods, document));
  return [
    client.slice(0, client.indexOf(MARK) + MARK.length),
    `interface Statuses { ${statuses.join(" ")} }`,
    ...Object.entries(schemas).map(([name, schema]) => `export interface ${name} ${objectText(schema)}`),
    `/** Every route by its path and method. */\nexport type Api = { ${routes.join(" ")} };`,
  ].join("\n\n");
}

function routeText(path: string, methods: Named, document: Json): string {
  const operations = Object.entries(methods).map(([method, operation]) => {
    const input = inputText(operation);
    const { responses } = operation as { readonly responses: Named };
    const errors = codesOf(Object.values(responses), document);
    const refused = `Refused<${input}, ${errors.join(" | ")}>`;
    return `/** ${String(operation["summary"])} */\n$${method}: ${successText(input, responses)} | ${refused};`;
  });
  return `${JSON.stringify(path.replaceAll(/\{(\w+)\}/g, ":$1"))}: { ${operations.join(" ")} };`;
}

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: Json }>>;
}

function inputText({ parameters, requestBody }: Json): string {
  const inPath = (parameters as readonly Json[]).filter((parameter) => parameter["in"] === "path");
  if (inPath.length > 0)
    return `{ param: { ${inPath.map(({ name }) => `${String(name)}: string`).join("; ")} } }`;
  if (requestBody === undefined) return "{}";
  const { required, content } = requestBody as Content & { readonly required: boolean };
  return `{ json${required ? "" : "?"}: ${bodyText(content)} }`;
}

function bodyText(content: Content["content"]): string {
  return typeText(content["application/json"]?.schema ?? { type: "string" });
}

function successText(input: string, responses: Named): string {
  const { content } = responses["200"] as unknown as Content;
  const schema = content["application/json"]?.schema;
  if (schema === undefined) return `Answer<${input}, 200, string, "text">`;
  const { properties } = schema as { readonly properties?: { readonly data?: Json } };
  return properties?.data === undefined
    ? `Answer<${input}, 200, ${typeText(schema)}>`
    : `Answer<${input}, 200, Success<${typeText(properties.data)}>>`;
}

/** Of all responses of an operation, the codes of those that are failures. */
function codesOf(responses: readonly Json[], document: Json): readonly ErrorCode[] {
  const { responses: shared } = document["components"] as { readonly responses: Named };
  return responses.flatMap((response) => {
    const ref = response["$ref"];
    const { content } = (typeof ref === "string" ? shared[nameIn(ref)] : response) as Partial<Content>;
    const schema = content?.["application/json"]?.schema;
    const error = (schema as { readonly properties?: { readonly error?: Json } } | undefined)?.properties
      ?.error;
    const refs = (error?.["oneOf"] ?? (error === undefined ? [] : [error])) as readonly Json[];
    return refs.map((one) => nameIn(String(one["$ref"])) as ErrorCode);
  });
}
