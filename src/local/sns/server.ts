import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Travel } from "../distance.ts";
import { listenLoopback, type ListenOptions } from "../loopback.ts";
import { readBody } from "../read-body.ts";
import { READY_ACCOUNT, readAccount, unauthorized, type SnsAccount } from "./account.ts";
import type { SnsFailure } from "./failure.ts";
import { parsePublish } from "./parse-publish.ts";
import { regionOfPath, regionOfScope, verifySignature, type Credentials } from "./sigv4.ts";

/** An SMS that SNS has taken. `userAgent` is what the SDK says of itself, `receivedAt` in ms. */
export interface PublishedSms {
  readonly id: string;
  readonly to: string;
  readonly text: string;
  readonly region: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly receivedAt: number;
}

export interface SnsServerOptions extends ListenOptions {
  readonly credentials: Credentials;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly now?: () => number;
  /** Whose account it is; without it one that may send. */
  readonly account?: SnsAccount;
  /** How far away it is; what it does meanwhile takes no time beside. */
  readonly travel?: Travel | undefined;
  readonly onMessage: (message: PublishedSms) => void;
}

export interface SnsServer {
  /** For `SNS_ENDPOINT`: `https://localhost:PORT/{region}`, with the braces. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly requestId: string;
  readonly xml: string;
}

const BODY_LIMIT_BYTES = 256 * 1024;
const NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

/**
 * Amazon SNS, as far as sending an SMS goes, and asking whether one may: the Query protocol over HTTPS, with every
 * signature checked. What it takes goes to `onMessage`; nothing leaves the machine.
 */
export async function startSns({
  credentials,
  tls,
  now = Date.now,
  account = READY_ACCOUNT,
  travel,
  onMessage,
  ...listen
}: SnsServerOptions): Promise<SnsServer> {
  const act = async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request, BODY_LIMIT_BYTES);
    if (body === null)
      return failed({ code: "RequestEntityTooLarge", status: 413, message: "Request is too long" });
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    const headers = singleHeaders(request);
    const signed = { method: request.method ?? "", path, query, headers, body };
    const refusal = verifySignature(signed, credentials, now());
    if (refusal) return failed(refusal);
    const form = new URLSearchParams(body.toString());
    const read = readAccount(account, form);
    if (read !== null) return typeof read === "string" ? succeeded(actionOf(form), read) : failed(read);
    const asked = parsePublish(form);
    if ("code" in asked) return failed(asked);
    if (account.denied.includes("Publish")) return failed(unauthorized("Publish"));
    const id = randomUUID();
    const region = regionOfPath(path) ?? regionOfScope(headers["authorization"] ?? "") ?? "";
    // In Node the SDK names its app in one header, in workerd in the other.
    const userAgent = [headers["user-agent"], headers["x-amz-user-agent"]].filter(Boolean).join(" ");
    onMessage({ id, ...asked, region, userAgent, receivedAt: now() });
    return succeeded("Publish", `<MessageId>${id}</MessageId>`);
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const way = travel?.();
    const { status, requestId, xml } = await act(request);
    await way;
    response.writeHead(status, { "content-type": "text/xml", "x-amzn-requestid": requestId }).end(xml);
  };
  const { port, close } = await listenLoopback(
    () =>
      createServer(tls, (request, response) => {
        // Only a request that broke off rejects, and nobody is left to answer.
        respond(request, response).catch(() => response.destroy());
      }),
    listen,
  );
  return { url: `https://localhost:${port}/{region}`, port, close };
}

/** One value a name; what came several times is joined, as a signature sees it. */
const singleHeaders = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(",")]),
  );

const actionOf = (form: URLSearchParams): string => form.get("Action") ?? "";

/** `result` is XML. */
function succeeded(action: string, result: string): Answer {
  const requestId = randomUUID();
  const xml =
    `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, requestId, xml };
}

function failed({ status, code, message }: SnsFailure): Answer {
  const requestId = randomUUID();
  const xml =
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code>` +
    `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status, requestId, xml };
}

const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"'\r]|[^\t\n\u0020-\uFFFD]/g, (character) =>
    /[&<>"'\r]/.test(character) ? `&#${character.charCodeAt(0)};` : "\uFFFD",
  );
