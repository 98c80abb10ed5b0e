/** In this order: a browser names those that it descends from. */
const FAMILIES = ["okhttp", "Dart", "CFNetwork", "curl", "Edg", "Firefox", "Chrome", "Safari"] as const;

/** The family of a user agent, for a list of devices that a person reads; never its version or device. */
export function userAgentFamily(header: string | undefined): string {
  return FAMILIES.find((family) => header?.includes(family)) ?? "other";
}
