/** The address of a service, without a slash at the end: https, or plain http on this machine. Null for another. */
export function parseServiceUrl(text: string): string | null {
  if (!/^https?:\/\/[^\s?#@\\]+$/.test(text) || !URL.canParse(text)) return null;
  const { protocol, hostname } = new URL(text);
  if (protocol === "http:" && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)) return null;
  return text.replace(/\/+$/, "");
}
