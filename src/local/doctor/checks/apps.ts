import type { Config } from "../../../config.ts";
import type { App } from "../../../config/apps.ts";
import { inCountry } from "../../../sms/in-country.ts";
import { configWarnings } from "../../config-warnings.ts";
import type { Check } from "../examine.ts";
import type { Finding } from "../finding.ts";
import { about } from "../finding.ts";
import type { Judged } from "../patient.ts";

/** What carriers want of each role, as far as a configuration can show it. */
export function appChecks({ config }: Judged): readonly Check[] {
  return [
    {
      id: "sms.india",
      run(says) {
        if (config === null) return says.skipped("APPS cannot be read yet.", "First mend bindings.");
        const toIndia = [...config.apps.byRole.values()].filter(({ countries }) => countries.includes("IN"));
        if (toIndia.length === 0) return says.ok("No role serves India, so no DLT ids are needed.");
        return toIndia.map(judgeRole);
      },
    },
    { id: "sms.words", needs: ["sms.india"], run: () => (config === null ? [] : judgeWords(config)) },
  ];
}

function judgeRole(app: App): Finding {
  const { role } = app;
  const says = about(`sms.india.${role}`);
  const { dlt, senderId } = inCountry(app, "IN");
  if (dlt === undefined) {
    return says.warn(
      `The role ${role} has no DLT ids: its SMS to India take the international route, which costs more and rewrites the sender id.`,
      `Register entity, sender id and template on a DLT portal, and put them into APPS.${role}.dlt and senderId.`,
    );
  }
  if (senderId === undefined) {
    return says.warn(
      `The role ${role} has DLT ids and no sender id, which belongs to them.`,
      `Put the registered sender id into APPS.${role}.senderId.`,
    );
  }
  return says.ok(`The role ${role} sends to India under its DLT ids and sender id.`);
}

/** The same that `npm run config:check` warns of. */
function judgeWords(config: Config): Finding | readonly Finding[] {
  const says = about("sms.words");
  const warnings = configWarnings(config);
  if (warnings.length === 0) return says.ok("Every role's texts and regions are as carriers want them.");
  return warnings.map((warning) => says.warn(`${warning}.`, "src/sms/README.md tells what carriers want."));
}
