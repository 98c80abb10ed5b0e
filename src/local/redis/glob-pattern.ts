/** Redis's glob as a regular expression: `*`, `?`, `[abc]`, `[^a]`, `[a-z]`, and a backslash that quotes. */
export function globPattern(glob: string): RegExp {
  let source = "";
  let rest = glob;
  while (rest !== "") {
    // As in Redis, a range may end in the bracket that would have closed the set.
    const set = /^\[(\^?)((?:\\[^]|[^\]]-[^]|[^\]])*)\]?/u.exec(rest);
    const taken = /^\\[^]|^\*+|^[^]/u.exec(rest)?.[0] ?? rest;
    if (set) source += characterSet(set[1] === "^", set[2] ?? "");
    else if (taken.startsWith("*")) source += "[^]*";
    else if (taken === "?") source += "[^]";
    else source += quote(taken.length > 1 && taken.startsWith("\\") ? taken.slice(1) : taken);
    rest = rest.slice(set ? set[0].length : taken.length);
  }
  return new RegExp(`^${source}$`, "u");
}

function characterSet(negated: boolean, body: string): string {
  const parts = body.match(/\\[^]|[^]-[^]|[^]/gu) ?? [];
  const inside = parts.map((part) => {
    if (part.startsWith("\\") && part.length > 1) return quote(part.slice(1));
    const [first = "", dash, last] = Array.from(part);
    if (dash === undefined || last === undefined) return quote(part);
    const [low, high] = first <= last ? [first, last] : [last, first];
    return `${quote(low)}-${quote(high)}`;
  });
  if (inside.length === 0) return negated ? "[^]" : "[]";
  return `[${negated ? "^" : ""}${inside.join("")}]`;
}

const quote = (text: string): string =>
  Array.from(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("");
