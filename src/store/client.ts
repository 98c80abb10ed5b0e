import { Redis } from "@upstash/redis/cloudflare";

/** The client has no setting for headers of one request. What it sends by takes them, but it is protected. */
export class StoreClient extends Redis {
  /** A transaction whose request has these headers beside the client's own. */
  multiWith(headers: Readonly<Record<string, string>>): ReturnType<Redis["multi"]> {
    const { client } = this;
    this.client = { request: (request) => client.request({ ...request, headers: { ...headers } }) };
    try {
      return this.multi();
    } finally {
      this.client = client;
    }
  }
}
