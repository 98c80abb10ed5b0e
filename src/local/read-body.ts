import type { IncomingMessage } from "node:http";

/** The body as it was sent, or null as soon as it is longer than the limit. The rest is then read and dropped. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length <= limitBytes) chunks.push(bytes);
    else chunks.length = 0;
  }
  return length <= limitBytes ? Buffer.concat(chunks) : null;
}
