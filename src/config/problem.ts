import type * as z from "zod/mini";

/** What one binding wants, in words that hold no value of it. */
export interface Problem {
  readonly binding: string;
  readonly wants: string;
}

/** What is empty is also too short and of the wrong shape: one sentence a place will do. */
export function firstOfEachPlace(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const places = issues.map((issue) => issue.path.join("."));
  return issues.filter((_, index) => places.indexOf(places[index] ?? "") === index);
}

export function describeIssue(issue: z.core.$ZodIssue): Problem {
  const [binding, ...path] = issue.path.map(String);
  const at = path.length > 0 ? `${path.map(nameOnly).join(".")} ` : "";
  return { binding: binding ?? "bindings", wants: at + wantsOf(issue) };
}

/** A key of a free record, or one that was pasted by mistake, could be a value. */
export function nameOnly(key: string): string {
  return /^[A-Za-z][A-Za-z-]{0,31}$/.test(key) ? key : "*";
}

/** zod/mini ships no words of its own, so every code that our schemas can raise has its sentence here. */
function wantsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message === "Invalid input" ? `wants ${issue.expected}` : issue.message;
    case "unrecognized_keys":
      return `knows no field ${issue.keys.map(nameOnly).join(", ")}`;
    case "too_small":
      return issue.message.startsWith("wants ") ? issue.message : `wants ${issue.minimum} at least`;
    case "too_big":
      return `wants ${issue.maximum} at most`;
    case "invalid_value":
      return `wants one of ${issue.values.join(", ")}`;
    case "invalid_key":
    case "invalid_element":
      return issue.issues.map(wantsOf).join("; ");
    default:
      return issue.message;
  }
}
