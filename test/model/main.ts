import { parseArgs } from "node:util";
import { checkModel, tellFinding } from "./check.ts";
import { tellTotals } from "./totals.ts";

const USAGE = `npm run model -- [options]

  --seed 1       the histories are the same for the same seed
  --runs 2000    histories
  --steps 40     the most of one history
  --apart        callers meet locations whose clocks are two seconds apart
  --first        tells the first history that breaks a promise as it is, and does not look for a shorter one
`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "2000" },
    steps: { type: "string", default: "40" },
    apart: { type: "boolean", default: false },
    first: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const [seed, runs, steps] = [Number(values.seed), Number(values.runs), Number(values.steps)];
if (values.help || ![seed, runs, steps].every(Number.isSafeInteger)) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 1;
} else {
  const clocks = values.apart ? "apart" : "inStep";
  const { totals, finding } = await checkModel({ seed, runs, steps, clocks, isFirstEnough: values.first });
  if (finding !== null) {
    const options = `--seed ${seed} --runs ${runs} --steps ${steps}${values.apart ? " --apart" : ""}`;
    console.log(`${tellFinding(finding)}\nReproduce: npm run model -- ${options}\n`);
    process.exitCode = 1;
  }
  console.log(`${tellTotals(totals)}, seed ${seed}${values.apart ? ", clocks apart" : ""}`);
}
