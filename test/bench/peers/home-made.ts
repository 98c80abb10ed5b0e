import { env } from "cloudflare:workers";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis/cloudflare";
import { Hono } from "hono";
import { sign } from "hono/jwt";
import { sendSms } from "./send-sms.ts";

/**
 * The handler that tutorials write: a sliding window in front of send, six digits from `Math.random` for five minutes,
 * then `GET`, compare, `DEL`, and a JWT. Every client has its own defaults.
 */
const redis = new Redis({ url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN });
const ratelimit = new Ratelimit({ redis, limiter: Ratelimit.slidingWindow(5, "10 m"), prefix: "otp-send" });

const LIFETIME_SECONDS = 300;
const SESSION_SECONDS = 7 * 24 * 3600;

const app = new Hono();

app.post("/send-otp", async (c) => {
  const { phone } = await c.req.json<{ phone: string }>();
  if (!/^\+\d{7,15}$/.test(phone)) return c.json({ error: "Invalid phone number" }, 400);
  const { success } = await ratelimit.limit(phone);
  if (!success) return c.json({ error: "Too many requests" }, 429);

  const otp = Math.floor(100_000 + Math.random() * 900_000).toString();
  await redis.set(`otp:${phone}`, otp, { ex: LIFETIME_SECONDS });
  await sendSms(phone, `Your Weelo verification code is: ${otp}. Valid for 5 minutes.`);
  return c.json({ message: "OTP sent" });
});

app.post("/verify-otp", async (c) => {
  const { phone, otp } = await c.req.json<{ phone: string; otp: string }>();
  const stored = await redis.get<string | number>(`otp:${phone}`);
  if (stored === null) return c.json({ error: "OTP expired" }, 400);
  // The client has made a number of it.
  if (String(stored) !== otp) return c.json({ error: "Invalid OTP" }, 400);
  await redis.del(`otp:${phone}`);
  const token = await sign(
    { sub: phone, exp: Math.floor(Date.now() / 1000) + SESSION_SECONDS },
    env.AUTH_SECRET,
    "HS256",
  );
  return c.json({ token });
});

export default app;
