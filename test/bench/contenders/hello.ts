import type { Candidate } from "../contender.ts";

/** The least that a Worker on Hono can be; `GET /` is all that it knows. */
export const hello: Candidate = {
  name: "hello",
  entry: "test/bench/baselines/hello.ts",
  bindings: () => ({}),
};
