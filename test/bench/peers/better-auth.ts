import { env } from "cloudflare:workers";
import { memoryAdapter } from "@better-auth/memory-adapter";
import { Redis } from "@upstash/redis/cloudflare";
import { betterAuth } from "better-auth/minimal";
import { phoneNumber } from "better-auth/plugins";
import { sendSms } from "./send-sms.ts";

/**
 * better-auth's phone-number plugin as its documentation sets it up: codes, sessions and rate limits in Redis as its
 * secondary storage, with every atomic operation that its interface knows; people sign up by verifying. Users are in its
 * memory adapter, which flatters it: a real one would ask a database over the network, twice a sign-in at least.
 */
const redis = new Redis({ url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN });

const INCREMENT = `local count = redis.call("INCR", KEYS[1])
if count == 1 then redis.call("EXPIRE", KEYS[1], ARGV[1]) end
return count`;

const auth = betterAuth({
  baseURL: "https://better-auth.test",
  secret: env.AUTH_SECRET,
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  secondaryStorage: {
    get: (key) => redis.get(key),
    getAndDelete: (key) => redis.getdel(key),
    increment: (key, ttl) => redis.eval(INCREMENT, [key], [ttl]),
    set: (key, value, ttl) =>
      ttl === undefined ? redis.set(key, value) : redis.set(key, value, { ex: ttl }),
    async delete(key) {
      await redis.del(key);
    },
  },
  rateLimit: { enabled: true, storage: "secondary-storage" },
  advanced: { ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] } },
  plugins: [
    phoneNumber({
      sendOTP: ({ phoneNumber: to, code }) =>
        sendSms(to, `Your Weelo verification code is: ${code}. Valid for 5 minutes.`),
      signUpOnVerification: { getTempEmail: (to) => `${to.slice(1)}@phone.better-auth.test` },
    }),
  ],
});

export default { fetch: (request: Request): Promise<Response> => auth.handler(request) };
