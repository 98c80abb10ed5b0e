import { createClient } from "edge-otp/client";

/** Compiled as a project outside would: by the package's name, a browser's types alone, and every declaration checked. */
export async function signIn(baseUrl: string, phone: string, readCode: () => Promise<string>) {
  const client = createClient(baseUrl);
  const sent = await client.api.v1.auth["send-otp"].$post({ json: { phone } });
  const asked = await sent.json();
  if (!asked.success) return asked.error.message;
  const { challengeId } = asked.data;
  const verified = await client.api.v1.auth["verify-otp"].$post({
    json: { phone, otp: await readCode(), challengeId },
  });
  const answer = await verified.json();
  return answer.success ? answer.data.user.id : answer.error.message;
}
