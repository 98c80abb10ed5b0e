import type { ForkedUpstreams } from "../../rig/upstreams.ts";

/** The SMS that everybody has got. */
export interface Inbox {
  /** The code of the last one to this number; null where there is none. Sees all that SNS had taken when it was asked. */
  codeFor(phone: string): Promise<string | null>;
  /** How many this number has got. */
  countFor(phone: string): Promise<number>;
  forget(phone: string): void;
}

export function createInbox({ takeMessages }: Pick<ForkedUpstreams, "takeMessages">): Inbox {
  const codes = new Map<string, string[]>();
  const codesFor = async (phone: string): Promise<readonly string[]> => {
    for (const { to, code } of await takeMessages()) codes.set(to, [...(codes.get(to) ?? []), code]);
    return codes.get(phone) ?? [];
  };
  return {
    codeFor: async (phone) => (await codesFor(phone)).at(-1) ?? null,
    countFor: async (phone) => (await codesFor(phone)).length,
    forget: (phone) => void codes.delete(phone),
  };
}
