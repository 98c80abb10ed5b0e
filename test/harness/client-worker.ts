import { createClient } from "../../src/client.ts";

/** A Worker of the company that asks the service. */
export default {
  async fetch(request: Request): Promise<Response> {
    const answer = await createClient(new URL(request.url).origin).health.$get();
    return Response.json(await answer.json());
  },
};
