import { appChecks } from "./checks/apps.ts";
import { bindingChecks } from "./checks/bindings.ts";
import { environmentChecks } from "./checks/environments.ts";
import { serviceChecks } from "./checks/service.ts";
import { signingKeyChecks } from "./checks/signing-keys.ts";
import { snsChecks } from "./checks/sns.ts";
import { storeChecks } from "./checks/store.ts";
import { wranglerChecks } from "./checks/wrangler.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";
import type { Patient } from "./patient.ts";
import { judge } from "./patient.ts";
import { createRedaction } from "./redact.ts";

/** Every check, in the order in which one would look oneself; no finding holds a secret of the patient. */
export async function* diagnose(patient: Patient): AsyncGenerator<Finding, void> {
  const judged = await judge(patient);
  const redact = createRedaction(patient);
  const store = storeChecks(patient, judged);
  const sns = snsChecks(patient, judged);
  try {
    const findings = examine([
      ...wranglerChecks(patient),
      ...environmentChecks(patient),
      ...bindingChecks(patient, judged),
      ...signingKeyChecks(judged),
      ...appChecks(judged),
      ...store.checks,
      ...sns.checks,
      ...serviceChecks(patient, judged),
    ]);
    for await (const finding of findings) yield redact(finding);
  } finally {
    store.close();
    sns.close();
  }
}
