const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * The first field that an object of this JSON text holds twice, or null. Parsers disagree on which of the two counts
 * (RFC 8259 section 4), so a body like that could be one number to a firewall and another to us. The text must be JSON.
 */
export function findRepeatedField(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let string = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token !== ":") string = token;
    else {
      const name = JSON.parse(string) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return null;
}
