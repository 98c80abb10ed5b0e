import * as z from "zod/mini";

/** US dollars as SNS reads them: decimal, without a sign or an exponent. */
const dollars = z.pipe(
  z.transform((value) => (typeof value === "number" ? String(value) : value)),
  z
    .string("wants US dollars, such as 0.05")
    .check(z.regex(/^(?=.*[1-9])\d{1,3}(\.\d{1,5})?$/, "wants US dollars, such as 0.05")),
);

/** What an SMS carries beside its text, of a role or of one country in it. */
export const carrierFields = {
  senderId: z.optional(
    z
      .string()
      .check(
        z.regex(/^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/, "wants 1 to 11 letters or digits, one letter at least"),
      ),
  ),
  originationNumber: z.optional(
    z.string().check(z.regex(/^(\+[1-9]\d{6,14}|\d{4,7})$/, "wants a number in E.164, or a short code")),
  ),
  maxPrice: z.optional(dollars),
  dlt: z.optional(
    z.strictObject({
      entityId: z.string().check(z.regex(/^\d{1,50}$/, "wants digits")),
      templateId: z.string().check(z.regex(/^\d{1,50}$/, "wants digits")),
      text: z.optional(z.string()),
    }),
  ),
};
