import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { listenLoopback, type ListenOptions } from "../loopback.ts";
import { readBody } from "../read-body.ts";
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
 * Amazon SNS, as far as sending an SMS goes: the Query protocol over HTTPS, with every signature checked. What it
 * takes goes to `onMessage`; nothing leaves the machine.
 */
export async function startSns({
  credentials,
  tls,
  now = Date.now,
  onMessage,
  ...listen
}: SnsServerOptions): Promise<SnsServer> {
  const publish = async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request, BODY_LIMIT_BYTES);
    if (body === null)
      return failed({ code: "RequestEntityTooLarge", status: 413, message: "Request is too long" });
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    const headers = singleHeaders(request);
    const signed = { method: request.method ?? "", path, query, headers, body };
    const refusal = verifySignature(signed, credentials, now());
    if (refusal) return failed(refusal);
    const asked = parsePublish(new URLSearchParams(body.toString()));
    if ("code" in asked) return failed(asked);
    const id = randomUUID();
    const region = regionOfPath(path) ?? regionOfScope(headers["authorization"] ?? "") ?? "";
    // In Node the SDK names its app in one header, in workerd in the other.
    const userAgent = [headers["user-agent"], headers["x-amz-user-agent"]].filter(Boolean).join(" ");
    onMessage({ id, ...asked, region, userAgent, receivedAt: now() });
    return published(id);
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, requestId, xml } = await publish(request);
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

function published(id: string): Answer {
  const requestId = randomUUID();
  const xml =
    `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>${id}</MessageId></PublishResult>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></PublishResponse>`;
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
