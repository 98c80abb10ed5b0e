import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuthority } from "../src/local/authority.ts";
import { buildBundle } from "./harness/bundle.ts";

/** Before any test: a certificate authority that the test processes trust, and the bundle as it would be deployed. */
export default async function setup(): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "edge-otp-"));
  const authority = await openAuthority(directory);
  process.env["EDGE_OTP_TEST_CA"] = directory;
  process.env["NODE_EXTRA_CA_CERTS"] = authority.caPath;
  process.env["EDGE_OTP_TEST_BUNDLE"] = await buildBundle(join(directory, "bundle"));
  return () => rm(directory, { recursive: true, force: true });
}
