import { defineConfig, mergeConfig } from "vitest/config";
import { PATIENCE_MS } from "./harness/patience.ts";
import config from "./vitest.config.ts";

/** What runs in a real Chromium: the one at CHROMIUM_PATH, or one that is installed. */
const base = { ...config, test: { ...config.test, include: [], exclude: [] } };

export default mergeConfig(
  base,
  defineConfig({
    test: {
      include: ["test/browser/**/*.browser.test.ts"],
      // No file leaves anything behind in its process, and loading all that they need takes a second.
      isolate: false,
      testTimeout: 4 * PATIENCE_MS,
      hookTimeout: 8 * PATIENCE_MS,
      expect: { poll: { timeout: PATIENCE_MS } },
    },
  }),
);
