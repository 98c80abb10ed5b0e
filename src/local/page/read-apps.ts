import { readFile } from "node:fs/promises";
import { parse } from "smol-toml";

/** `APPS` in the `[vars]` of a wrangler.toml, as it stands there. Rejects where the file cannot be read or parsed. */
export async function readApps(configPath: string): Promise<unknown> {
  const { vars } = parse(await readFile(configPath, "utf8"));
  return typeof vars === "object" && "APPS" in vars ? vars["APPS"] : null;
}
