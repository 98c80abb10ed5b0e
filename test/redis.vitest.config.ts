import { defineConfig, mergeConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** What runs against the real Redis at REDIS_URL: the store contract, the races, and all that compares the two engines. */
const base = { ...config, test: { ...config.test, include: [], exclude: [] } };

export default mergeConfig(
  base,
  defineConfig({
    test: {
      include: [
        "test/**/*.redis.test.ts",
        "test/store/contract/*.test.ts",
        "test/otp/protocol/*.test.ts",
        "test/otp/guard.test.ts",
        "test/sessions/refresh.test.ts",
        "test/flows/races.test.ts",
        "test/flows/sessions.test.ts",
      ],
      fileParallelism: false,
    },
  }),
);
