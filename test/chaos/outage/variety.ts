import type { Stand } from "../load/stand.ts";

/** A way for an upstream to be away. */
export interface Variety {
  readonly name: string;
  readonly upstream: "store" | "sms";
  readonly keepsData: boolean;
  readonly seconds: number;
  /** Resolves when it is gone. */
  strike(stand: Stand): Promise<void> | void;
  /** Resolves when it is back. */
  mend(stand: Stand): Promise<void> | void;
}

export const varieties: readonly Variety[] = [
  {
    name: "Redis killed, data kept",
    upstream: "store",
    keepsData: true,
    seconds: 4,
    strike: ({ redis }) => redis.kill(),
    mend: ({ redis }) => redis.restart("kept"),
  },
  {
    name: "Redis killed, data lost",
    upstream: "store",
    keepsData: false,
    seconds: 4,
    strike: ({ redis }) => redis.kill(),
    mend: ({ redis }) => redis.restart("lost"),
  },
  {
    name: "Redis hangs",
    upstream: "store",
    keepsData: true,
    seconds: 8,
    strike: ({ redis }) => redis.hang(),
    mend: ({ redis }) => redis.resume(),
  },
  {
    name: "SNS killed",
    upstream: "sms",
    keepsData: true,
    seconds: 4,
    strike: ({ upstreams }) => upstreams.setSms(false),
    mend: ({ upstreams }) => upstreams.setSms(true),
  },
];
