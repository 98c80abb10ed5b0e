export interface Place {
  readonly name: string;
  /** Degrees, north and east. */
  readonly at: readonly [latitude: number, longitude: number];
}

/** Where people sign in, and their share of all sign-ins: a service in India with some people abroad. */
export interface City extends Place {
  readonly share: number;
}

export const CITIES = [
  { name: "Mumbai", at: [19.08, 72.88], share: 0.2 },
  { name: "Delhi", at: [28.61, 77.21], share: 0.22 },
  { name: "Bengaluru", at: [12.97, 77.59], share: 0.16 },
  { name: "Hyderabad", at: [17.39, 78.49], share: 0.12 },
  { name: "Chennai", at: [13.08, 80.27], share: 0.1 },
  { name: "Kolkata", at: [22.57, 88.36], share: 0.09 },
  { name: "Guwahati", at: [26.14, 91.74], share: 0.03 },
  { name: "Dubai", at: [25.2, 55.27], share: 0.03 },
  { name: "Singapore", at: [1.35, 103.82], share: 0.02 },
  { name: "London", at: [51.51, -0.13], share: 0.01 },
  { name: "New York", at: [40.71, -74.01], share: 0.01 },
  { name: "Sydney", at: [-33.87, 151.21], share: 0.01 },
] as const satisfies readonly City[];

/** Cloudflare locations near them (cloudflare.com/network); the nearest one takes a request. */
export const EDGES: readonly Place[] = CITIES.filter(({ name }) => name !== "Guwahati");

/** AWS regions, where Redis and SNS are. */
export const REGIONS = {
  "ap-south-1": { name: "ap-south-1", at: [19.08, 72.88] },
  "ap-south-2": { name: "ap-south-2", at: [17.39, 78.49] },
  "eu-west-1": { name: "eu-west-1", at: [53.35, -6.26] },
  "us-east-1": { name: "us-east-1", at: [38.95, -77.45] },
} as const satisfies Readonly<Record<string, Place>>;

const EARTH_RADIUS_KM = 6371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along the great circle (haversine). */
export function kilometresBetween({ at: from }: Pick<Place, "at">, { at: to }: Pick<Place, "at">): number {
  const [north, east] = [radians(to[0] - from[0]), radians(to[1] - from[1])];
  const half =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(from[0])) * Math.cos(radians(to[0])) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(half));
}

export function nearest(place: Place, places: readonly Place[]): Place {
  const [first = place] = places.toSorted(
    (left, right) => kilometresBetween(place, left) - kilometresBetween(place, right),
  );
  return first;
}
