import type { Chance } from "./chance.ts";
import type { Carrier, SimCountry } from "./world.ts";
import { SIM_COUNTRIES, WORLD } from "./world.ts";

/** Where a request comes from. */
export interface Origin {
  /** As the service names it: an IPv4 address, or the /64 of an IPv6 one. */
  readonly address: string;
  /** Whose network it is: what an autonomous system number tells. */
  readonly operator: string;
}

/** Where a phone is: with its carrier for SMS, on the net by it or by somebody's Wi-Fi. */
export interface Place extends Origin {
  readonly carrier: Carrier;
}

export function pickPlace(country: SimCountry, chance: Chance): Place {
  const network = chance.weighted<MobileNetwork>(WORLD.countries[country].carriers);
  const isHome = chance.happens(WORLD.addresses.wifiShare);
  return { carrier: network.carrier, ...(isHome ? wifi(country, chance) : mobile(country, network, chance)) };
}

/** The same phone after it has left the Wi-Fi, or come home. */
export function anotherPlace({ carrier }: Place, country: SimCountry, chance: Chance): Place {
  return { carrier, ...wifi(country, chance) };
}

/** A bot: anywhere in the world, or a phone with malware among those of honest people. */
export function pickBot(chance: Chance): Origin {
  const { botnet } = WORLD;
  if (chance.happens(botnet.amongHonest)) return pickPlace(chance.pick(SIM_COUNTRIES), chance);
  const block = chance.below(botnet.blocks);
  const operator = `bots ${block % botnet.operators}`;
  const addressOf = chance.happens(0.5) ? ipv4Of : ipv6Of;
  return { address: addressOf(`bots ${block}`, chance.below(10)), operator };
}

/** As many different bots as are asked for. */
export function pickBots(count: number, chance: Chance): readonly Origin[] {
  const found = new Map<string, Origin>();
  while (found.size < count) {
    const bot = pickBot(chance);
    found.set(bot.address, bot);
  }
  return [...found.values()];
}

/** Of a few /24s that a ring has rented whole, each with another host. */
export function pickRented(ring: string, chance: Chance): Origin {
  const operator = `host of ${ring} ${chance.below(WORLD.botnet.rentedNetworks)}`;
  return { address: ipv4Of(operator, 256 * chance.below(250)), operator };
}

/** The smaller companies and blocks have fewer people. */
export function wifi(country: SimCountry, chance: Chance): Origin {
  const { wifiBlocks } = WORLD.countries[country];
  const block = Math.floor(chance.unit() ** 2 * wifiBlocks);
  const company = Math.floor((block / wifiBlocks) * WORLD.addresses.wifiOperators);
  const operator = `${country} homes ${company}`;
  return { address: ipv4Of(`${country} homes, block ${block}`, chance.below(65_536)), operator };
}

interface MobileNetwork {
  readonly weight: number;
  readonly carrier: Carrier;
  /** IPv4 addresses that all its phones share. */
  readonly shared: number;
  /** The share of phones that have an IPv6 network of their own. */
  readonly ipv6: number;
}

function mobile(country: SimCountry, { carrier, shared, ipv6 }: MobileNetwork, chance: Chance): Origin {
  const operator = `${country} ${carrier}`;
  const index = chance.below(2 ** 30);
  if (chance.happens(ipv6)) {
    return { address: ipv6Of(`${operator} ${index % WORLD.addresses.ipv6Blocks}`, index >> 8), operator };
  }
  const one = index % shared;
  return { address: ipv4Of(operator, (one >> 3) + ((one & 7) << 8)), operator };
}

/** An address in the /16 of that name; the first 256 are the first of each of its /24s. */
function ipv4Of(block: string, index: number): string {
  const hash = hashOf(block);
  return `${1 + ((hash >>> 8) % 223)}.${hash & 0xff}.${index & 0xff}.${1 + ((index >> 8) % 250)}`;
}

/** A /64, as the service names IPv6 addresses, in the /32 of that name. */
function ipv6Of(block: string, index: number): string {
  const hash = hashOf(block);
  const hex = (value: number) => (value & 0xffff).toString(16);
  return `2${hex(hash >>> 20).slice(-3)}:${hex(hash)}:${hex(index)}:${hex(index >> 16)}`;
}

/** FNV-1a, and a finish that spreads it. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 15)) >>> 0;
}
