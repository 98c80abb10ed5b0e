/** The bindings of a Worker that sends by one region, named as Amazon's own tools name them. */
export function peerBindings(upstreams: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const region = upstreams["SNS_REGIONS"]?.split(",")[0] ?? "";
  return {
    UPSTASH_REDIS_REST_URL: upstreams["UPSTASH_REDIS_REST_URL"],
    UPSTASH_REDIS_REST_TOKEN: upstreams["UPSTASH_REDIS_REST_TOKEN"],
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: upstreams["AWS_ACCESS_KEY_ID"],
    AWS_SECRET_ACCESS_KEY: upstreams["AWS_SECRET_ACCESS_KEY"],
    SNS_ENDPOINT: upstreams["SNS_ENDPOINT"]?.replaceAll("{region}", region),
    AUTH_SECRET: upstreams["ID_SECRET"],
  };
}
