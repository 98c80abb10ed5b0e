import { expect, vi } from "vitest";
import type { Summary } from "../../src/local/numbers/summary.ts";
import type { LocalStack } from "./local-stack.ts";
import { PATIENCE_MS } from "./patience.ts";
import { freshPhone, wrongGuess } from "./service.ts";

/** Signs somebody in, after one wrong guess, and waits until the page of numbers has heard of it. */
export async function signIn(local: LocalStack, role: string): Promise<void> {
  const phone = freshPhone();
  const before = await countSignIns(local);
  const { challengeId } = await post(local, "send-otp", { phone, role });
  const code = local.inbox.list(phone)[0]?.code ?? "";
  for (const otp of [wrongGuess(code), code])
    await post(local, "verify-otp", { phone, role, challengeId, otp });
  await vi.waitFor(async () => expect(await countSignIns(local)).toBe(before + 1), PATIENCE_MS);
}

async function post({ serviceUrl }: LocalStack, path: string, body: object) {
  const response = await fetch(`${serviceUrl}/api/v1/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { data = {} } = (await response.json()) as { data?: Record<string, unknown> };
  return data;
}

async function countSignIns({ pageUrl }: LocalStack): Promise<number> {
  const summary = (await (await fetch(`${pageUrl}/numbers/summary`)).json()) as Summary;
  return summary.total.verified;
}
