/** Whether a Host header names this machine's loopback, on any port. */
export const isPageHost = (host: string | undefined): boolean =>
  /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i.test(host ?? "");
