import type { Apps } from "./apps.ts";
import type { Policy } from "./policy.ts";
import type { Problem } from "./problem.ts";

/** A test number's code is typed into the same fields as all others, so it has as many digits. */
export function testNumberProblems(apps: Apps | undefined, policy: Policy | undefined): readonly Problem[] {
  if (apps === undefined || policy === undefined) return [];
  const { codeLength } = policy;
  return [...apps.byRole.values()]
    .filter(({ testNumbers = {} }) => Object.values(testNumbers).some((code) => code.length !== codeLength))
    .map(({ role }) => ({
      binding: "APPS",
      wants: `${role}.testNumbers wants codes of ${codeLength} digits`,
    }));
}
