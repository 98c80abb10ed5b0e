import type { Check } from "../examine.ts";
import type { Judged } from "../patient.ts";

/** A rotation has two for an hour; more are leftovers that a thief could still use. */
const MOST_KEYS = 2;

export function signingKeyChecks({ signingKeys }: Judged): readonly Check[] {
  return [
    {
      id: "signing-keys",
      run(says) {
        if ("wants" in signingKeys)
          return says.skipped("There are no sound signing keys to look at.", "See bindings.SIGNING_KEYS.");
        const { signing, verification } = signingKeys;
        const count = verification.size;
        if (count > MOST_KEYS) {
          return says.warn(
            `${count} keys are published; the first, ${signing.kid}, signs.`,
            "A rotation ends with the new key alone: take the old ones out of SIGNING_KEYS.",
          );
        }
        const others = count === 1 ? "it is the only one" : "a second is published: finish the rotation";
        return says.ok(`The key ${signing.kid} signs; ${others}.`);
      },
    },
  ];
}
