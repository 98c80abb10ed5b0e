/** The commands of this service that change nothing, which a read region may answer where nothing else stands beside them. */
const READS: ReadonlySet<string> = new Set(
  "GET MGET TTL HGETALL HEXISTS PFCOUNT ZRANGE ZCARD ZSCORE ZRANK ZCOUNT".split(" "),
);

export function isRead([name = ""]: readonly string[]): boolean {
  return READS.has(name.toUpperCase());
}
