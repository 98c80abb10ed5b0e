import type { Contender } from "./contender.ts";
import { betterAuth } from "./contenders/better-auth.ts";
import { edgeOtp } from "./contenders/edge-otp.ts";
import { homeMade } from "./contenders/home-made.ts";

/** The service, and what people use today. */
export const contenders: readonly Contender[] = [edgeOtp, betterAuth, homeMade];
