/** Where a number is from. Nobody looked at a live page: all were read in stored copies, so look yours up again. */
export interface Source {
  readonly title: string;
  readonly url: string;
  /**
   * `page`: a stored copy of the publisher's own page, or of its own price list. `quoted`: that page as others quote it,
   * not verified here. `ours`: this repository.
   */
  readonly read: "page" | "quoted" | "ours";
  /** When it was read, or when the copy says that it was written. */
  readonly at: string;
}

export const SOURCES = {
  upstashBilling: {
    title: "Upstash, Redis: Pricing & Billing",
    url: "https://upstash.com/docs/redis/overall/billing",
    read: "page",
    at: "2026",
  },
  upstashFixed: {
    title: "Upstash, Redis pricing",
    url: "https://upstash.com/pricing/redis",
    read: "quoted",
    at: "June and September 2026",
  },
  workersPricing: {
    title: "Cloudflare, Workers: Pricing",
    url: "https://developers.cloudflare.com/workers/platform/pricing/",
    read: "page",
    at: "undated copy",
  },
  workersLimits: {
    title: "Cloudflare, Workers: Limits",
    url: "https://developers.cloudflare.com/workers/platform/limits/",
    read: "page",
    at: "undated copy",
  },
  workersLogs: {
    title: "Cloudflare, Workers Logs",
    url: "https://developers.cloudflare.com/workers/observability/logs/workers-logs/",
    read: "page",
    at: "2026",
  },
  analyticsEngine: {
    title: "Cloudflare, Analytics Engine: Pricing",
    url: "https://developers.cloudflare.com/analytics/analytics-engine/pricing/",
    read: "page",
    at: "undated copy",
  },
  snsQuotas: {
    title: "AWS General Reference, SNS endpoints and quotas",
    url: "https://docs.aws.amazon.com/general/latest/gr/sns.html",
    read: "page",
    at: "undated copy",
  },
  senderIdRate: {
    title: "Amazon Pinpoint, Message Parts per Second limits",
    url: "https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-mps.html",
    read: "page",
    at: "before 2023",
  },
  smsPrices: {
    title: "AWS End User Messaging, price list of SMS",
    url: "https://aws.amazon.com/end-user-messaging/pricing/",
    read: "page",
    at: "March 2026, as exported into github.com/cds-snc/notification-utils",
  },
  twilioVerify: {
    title: "Twilio, Verify pricing",
    url: "https://www.twilio.com/en-us/verify/pricing",
    read: "quoted",
    at: "July to October 2026",
  },
  twilioSms: {
    title: "Twilio, SMS pricing by country",
    url: "https://www.twilio.com/en-us/sms/pricing/in",
    read: "quoted",
    at: "October 2026",
  },
  policy: { title: "POLICY, its defaults", url: "src/config/policy.ts", read: "ours", at: "" },
} as const satisfies Readonly<Record<string, Source>>;

export type SourceName = keyof typeof SOURCES;
