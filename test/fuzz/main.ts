import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

const USAGE = `npm run fuzz -- [options]

  --cases 100000   of each property
  --seed           a whole number; without one, the time. A failure says which it was.
`;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    help: { type: "boolean", default: false },
  },
});
if (values.help || !/^[1-9]\d{0,8}$/.test(values.cases) || !/^\d{1,10}$/.test(values.seed)) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 1;
} else {
  process.env["EDGE_OTP_FUZZ_CASES"] = values.cases;
  process.env["EDGE_OTP_FUZZ_SEED"] = values.seed;
  console.log(`${values.cases} cases of each property, from seed ${values.seed}`);
  await startVitest("test", ["test/fuzz"], { run: true, config: "test/vitest.config.ts" });
}
