import type { ServerResponse } from "node:http";
import type { Fault } from "./fault-proxy.ts";

export interface UpstreamAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Between two bytes, in ms. */
const DRIP_MS = 100;
const CHUNK_BYTES = 64 * 1024;

/** Hands an upstream's answer on, in the way that a fault says. */
export function deliverAnswer(response: ServerResponse, answer: UpstreamAnswer, fault: Fault): void {
  const { body, status } = changed(answer, fault);
  const isEndless = typeof fault === "object" && "endless" in fault;
  response.writeHead(status, {
    "content-type": answer.contentType,
    ...(isEndless ? {} : { "content-length": Buffer.byteLength(body) }),
  });
  if (isEndless) return pour(response, body, fault);
  const hangUp = () => void response.socket?.destroy();
  const half = body.slice(0, Math.floor(body.length / 2));
  switch (fault) {
    case "stall_in_body":
      return void response.write(half);
    case "cut_in_body":
      return void response.write(half, hangUp);
    case "cut_after_headers":
      response.flushHeaders();
      return void setImmediate(hangUp);
    case "drip":
      return drip(response, body);
    default:
      return void response.end(body);
  }
}

function changed(answer: UpstreamAnswer, fault: Fault): Pick<UpstreamAnswer, "status" | "body"> {
  if (typeof fault !== "object" || !("rewrite" in fault || "endless" in fault)) return answer;
  const body = "rewrite" in fault ? fault.rewrite(answer.body) : answer.body;
  return { status: fault.asStatus ?? answer.status, body };
}

function drip(response: ServerResponse, body: string): void {
  const bytes = Buffer.from(body);
  let next = 0;
  const timer = setInterval(() => {
    if (next < bytes.length) response.write(bytes.subarray(next, ++next));
    else response.end();
  }, DRIP_MS);
  response.once("close", () => clearInterval(timer));
}

/** As fast as it is read. */
function pour(
  response: ServerResponse,
  body: string,
  { endless, onClose }: Extract<Fault, { readonly endless: string }>,
): void {
  const chunk = endless.repeat(Math.ceil(CHUNK_BYTES / endless.length));
  let bytes = 0;
  const more = (error?: Error | null): void => {
    if (error || response.destroyed) return;
    bytes += chunk.length;
    response.write(chunk, more);
  };
  response.once("close", () => onClose?.(bytes));
  response.write(body, more);
}
