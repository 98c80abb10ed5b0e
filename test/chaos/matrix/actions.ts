import type { Action } from "./action.ts";
import { resend, send, sendAnew, sendWithKey } from "./actions/send.ts";
import { logout, me, ready, refreshKept, refreshRotated } from "./actions/session.ts";
import { verifyByNumber, verifyRight, verifyWithKey, verifyWrong } from "./actions/verify.ts";

export const actions: readonly Action[] = [
  send,
  sendWithKey,
  resend,
  sendAnew,
  verifyRight,
  verifyWithKey,
  verifyByNumber,
  verifyWrong,
  refreshKept,
  refreshRotated,
  me,
  logout,
  ready,
];
