/**
 * The shard of a name: of all shards the one whose mix with the name is highest (Thaler and Ravishankar, 1998). One shard
 * more takes its share from all others alike, and nothing moves between those.
 */
export function shardOf<T extends string>(name: string, shards: readonly T[]): T {
  const [first, ...others] = shards;
  if (first === undefined) throw new Error("no shards");
  return others.reduce((best, one) => (mix(name, one) > mix(name, best) ? one : best), first);
}

/** FNV-1a over both, and a finish that spreads it (splitmix32). Names are uniform already: they are MACs. */
function mix(name: string, shard: string): number {
  let hash = 0x811c9dc5;
  for (const char of `${shard}/${name}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}
