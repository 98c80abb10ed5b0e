import type { Store } from "../../../../src/store/port.ts";
import type { SessionState, SessionStore } from "../../../../src/store/session-port.ts";

interface Homes {
  readonly from: Store;
  readonly to: Store;
  readonly both: (work: (store: Store) => Promise<void>) => Promise<void>;
  readonly hasMoved: () => boolean;
}

/**
 * A session stays where it was opened until it ends, a year at most. The new home is asked first, and the old one where
 * nothing is known of it there; whatever ends a session is told to both.
 */
export function movingSessions({ from, to, both, hasMoved }: Homes): SessionStore {
  const found = async (ask: (store: Store) => Promise<SessionState>): Promise<SessionState> => {
    const there = hasMoved() ? await ask(to) : null;
    return there === null || isNothing(there) ? ask(from) : there;
  };
  return {
    useSession: (use) => found((store) => store.useSession(use)),
    async attachProfile(ref, sealedProfile) {
      const [there] = hasMoved() ? await to.readSessions(ref.subject, [ref.sid]) : [];
      return (there === undefined || isNothing(there) ? from : to).attachProfile(ref, sealedProfile);
    },
    endSessions: (subject, sids, reason) => both((store) => store.endSessions(subject, sids, reason)),
    async listSessions(subject, since) {
      const listed = await Promise.all(
        (hasMoved() ? [from, to] : [from]).map((store) => store.listSessions(subject, since)),
      );
      return listed.flat().toSorted((left, right) => right.lastUsedAt - left.lastUsedAt);
    },
    async readSessions(subject, sids) {
      const before = await from.readSessions(subject, sids);
      const after = hasMoved() ? await to.readSessions(subject, sids) : [];
      return before.map((state, index) => {
        const there = after[index];
        return there === undefined || isNothing(there) ? state : there;
      });
    },
  };
}

function isNothing({ record, ended }: SessionState): boolean {
  return record === null && ended === null;
}
