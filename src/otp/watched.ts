import type { Policy } from "../config/policy.ts";
import type { Phone } from "../phone.ts";
import type { Watched } from "../store/guard-port.ts";
import type { Identity } from "../identity.ts";

/** What the guard against pumping looks at; null where it is off, and for test numbers, which get no SMS. */
export async function watchedOf(
  {
    phone,
    ...from
  }: { readonly phone: Phone; readonly clientAddress: string; readonly operator: string | null },
  { identity, policy }: { readonly identity: Identity; readonly policy: Pick<Policy, "guard"> },
): Promise<Watched | null> {
  if (policy.guard === "off" || phone.fixedCode !== null) return null;
  const [prefix, line, network] = await Promise.all([
    identity.prefix(phone.e164),
    identity.line(phone.e164),
    identity.network({ ...from, country: phone.country }),
  ]);
  return { prefix, line, network, country: phone.country };
}
