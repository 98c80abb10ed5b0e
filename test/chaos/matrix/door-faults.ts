import type { DoorState } from "./door.ts";
import type { DoorFault } from "./fault.ts";

const states: readonly (readonly [name: string, door: DoorState])[] = [
  ["refuses connections", "refused"],
  ["cuts connections", "cut"],
  ["says nothing to a handshake", "silent"],
  ["has a certificate that has expired", { server: "expired" }],
  ["has a certificate that is not valid yet", { server: "not yet valid" }],
  ["has a certificate for another host", { server: "other host" }],
  ["has a certificate that it signed itself", { server: "self-signed" }],
  ["has a certificate of an untrusted authority", { server: "untrusted" }],
  ["speaks HTTP without TLS", { server: "plain" }],
];

/** All that can meet a connection before a request is on its way: nothing is ever asked there. */
export const doorFaults: readonly DoorFault[] = states.flatMap(([name, door]): readonly DoorFault[] => [
  { name, door, upstream: "store", verdict: "heals" },
  // workerd reads all of these alike, so that nobody can say that nothing was sent.
  { name, door, upstream: "sns", verdict: "unconfirmed, not sent" },
]);
