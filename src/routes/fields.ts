import * as z from "zod/mini";

const text = (name: string, longest: number) =>
  z
    .string(`${name} must be a text`)
    .check(z.maxLength(longest, `${name} must have at most ${longest} characters`));

/** `null` in an optional field is absence. */
export const optionalText = (name: string, longest: number) =>
  z.pipe(
    z.nullish(text(name, longest)),
    z.transform((value) => value ?? null),
  );

export const requiredText = (name: string, longest: number) =>
  text(name, longest).check(z.minLength(1, `${name} must not be empty`));

export const optionalFlag = (name: string) =>
  z.pipe(
    z.nullish(z.boolean(`${name} must be true or false`)),
    z.transform((value) => value ?? false),
  );

/** BCP 47, also as Android writes it: `hi_IN`, and with what a person has set beside: `en-IN-u-mu-celsius`. */
export const optionalLocale = z.pipe(
  optionalText("locale", 255),
  z.transform((value, ctx) => {
    if (value === null || value === "") return null;
    const tag = value.replaceAll("_", "-");
    if (/^([A-Za-z]{2,8}|[ix](?=-))(-[A-Za-z0-9]{1,8})*$/i.test(tag)) return tag;
    ctx.issues.push({ code: "custom", message: "locale must be a BCP 47 tag, such as hi-IN", input: value });
    return z.NEVER;
  }),
);
