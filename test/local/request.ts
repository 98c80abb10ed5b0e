import * as http from "node:http";
import * as https from "node:https";
import { openAuthority, type Authority } from "../../src/local/authority.ts";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What to trust for https; nothing but the system's own when it is left out. */
  readonly ca?: string;
}

/** One request on a connection of its own, with certificates verified. */
export function request(
  url: string,
  { method = "GET", headers = {}, body = "", ca }: Asked = {},
): Promise<Answer> {
  const client = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const sent = client.request(url, { method, headers, agent: false, ...(ca === undefined ? {} : { ca }) });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.end(body);
  });
}

/** The authority that the test processes trust. */
export function openTestAuthority(): Promise<Authority> {
  const directory = process.env["EDGE_OTP_TEST_CA"];
  if (directory === undefined) throw new Error("test/setup.ts names no authority");
  return openAuthority(directory);
}
