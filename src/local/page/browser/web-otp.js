/**
 * Where the browser can, reads the code from the SMS that is bound to this origin
 * (https://wicg.github.io/web-otp/). The function that it returns stops that.
 * @param {(code: string) => void} onCode
 */
export function listenForCode(onCode) {
  const stopped = new AbortController();
  if ("OTPCredential" in window) void listen(stopped.signal, onCode);
  return () => stopped.abort();
}

/**
 * @param {AbortSignal} signal
 * @param {(code: string) => void} onCode
 */
async function listen(signal, onCode) {
  const wanted = { otp: { transport: ["sms"] }, signal };
  try {
    const credential = await navigator.credentials.get(wanted);
    if (credential !== null && "code" in credential) onCode(String(credential.code));
  } catch {
    // Refused, unsupported or stopped: then the person types it.
  }
}
