import { describe, expect, it } from "vitest";
import { readDeployed } from "../../src/local/deploy/cloudflare.ts";
import { parseDeployOptions } from "../../src/local/deploy/options.ts";
import { entry, NEW } from "../harness/deploy-entry.ts";

describe("what wrangler writes of a deploy", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      "workers.dev",
      ["https://edge-otp-staging.acme.workers.dev"],
      ["https://edge-otp-staging.acme.workers.dev"],
    ],
    [
      "a custom domain",
      ["auth.example.com (custom domain - zone name: example.com)"],
      ["https://auth.example.com"],
    ],
    [
      "a route of a whole host",
      ["auth.example.com/* (zone name: example.com)"],
      ["https://auth.example.com"],
    ],
    ["a route of a part, a schedule and nothing", ["example.com/auth/*", "schedule: 0 * * * *", ""], []],
  ])("has the address: %s", (_name, targets, urls) => {
    expect(readDeployed(entry(targets))).toEqual({ versionId: NEW, urls });
  });

  it.each(["", "hoax\n", '{"type":"deploy"}\n'])("may have none: %j", (lines) => {
    expect(readDeployed(lines)).toEqual({ versionId: null, urls: [] });
  });
});

describe("the options of npm run deploy", () => {
  it.each([
    [[], "nothing is deployed by default"],
    [["--env", ""], "nothing is deployed by default"],
    [["--env", "staging;rm"], "nothing is deployed by default"],
    [["--env", "staging", "--skip-doctor"], "There is no --skip-doctor"],
    [["--env", "staging", "--skip-checks"], "There is no --skip-doctor"],
    [["--env", "staging", "--url", "http://auth.example.com"], "--url wants"],
    [["--env", "staging", "--hoax"], "does not know"],
  ])("are refused: %j", (args, words) => {
    expect(parseDeployOptions(args)).toMatchObject({ problem: expect.stringContaining(words) });
  });

  it("are read", () => {
    const args = "--env production --url https://a.example/ --secrets-file s --rollback-on-failure".split(
      " ",
    );
    expect(parseDeployOptions(args)).toEqual({
      environment: "production",
      url: "https://a.example",
      varsFile: null,
      secretsFile: "s",
      rollsBack: true,
    });
  });
});
