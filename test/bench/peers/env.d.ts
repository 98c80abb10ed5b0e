declare namespace Cloudflare {
  interface Env {
    readonly UPSTASH_REDIS_REST_URL: string;
    readonly UPSTASH_REDIS_REST_TOKEN: string;
    readonly AWS_REGION: string;
    readonly AWS_ACCESS_KEY_ID: string;
    readonly AWS_SECRET_ACCESS_KEY: string;
    readonly SNS_ENDPOINT: string;
    /** Signs sessions: better-auth's cookies, the home-made handler's JWT. */
    readonly AUTH_SECRET: string;
  }
}
