import * as z from "zod/mini";
import { example } from "./examples.ts";
import { nameAnswer } from "./named.ts";

const optional = z.optional(z.string());

export const user = nameAnswer(
  "User",
  z.object({
    id: z.string(),
    phone: z.string(),
    role: z.string(),
    isProfileComplete: z.boolean(),
    name: optional,
    email: optional,
    company: optional,
    createdAt: optional,
    updatedAt: optional,
  }),
  {
    id: "Stable and opaque, or the directory's own.",
    phone: "National in the role's default country, else E.164.",
    role: "",
    isProfileComplete: "As the company's directory says, and so all below.",
    name: "",
    email: "",
    company: "",
    createdAt: "",
    updatedAt: "",
  },
);

export const tokens = nameAnswer(
  "Tokens",
  z.object({
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int(),
    tokenType: z.literal("Bearer"),
    refreshExpiresIn: z.int(),
  }),
  {
    accessToken: "A JWT (RFC 9068) that backends check by /.well-known/jwks.json.",
    refreshToken: "",
    expiresIn: "Seconds.",
    tokenType: "",
    refreshExpiresIn: "Seconds, if it is not used.",
  },
);

export const userExample = {
  id: example.userId,
  phone: example.phone,
  role: "customer",
  isProfileComplete: false,
};

export const tokensExample = {
  accessToken: example.accessToken,
  refreshToken: example.refreshToken,
  expiresIn: 900,
  tokenType: "Bearer" as const,
  refreshExpiresIn: 2_592_000,
};
