import { setTimeout } from "node:timers/promises";
import type { Fault } from "../../harness/fault-proxy.ts";
import type { PlanFault } from "./ambush.ts";
import type { SnsVerdict, WireFault } from "./fault.ts";

/** Well within every time-out of the matrix, in ms. */
const SLOW_MS = 60;

const XML = { "content-type": "text/xml" };

const errorXml = (code: string): string =>
  `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  `<Message>about +919876543210</Message></Error><RequestId>1</RequestId></ErrorResponse>`;

const awsError = (status: number, code: string): PlanFault =>
  always({ status, headers: XML, body: errorXml(code) });
const plain = (status: number, body: string): PlanFault => always({ status, body });

function always(fault: Fault): PlanFault {
  return () => fault;
}

/** The SMS is taken, and the answer is another. */
const taking = (body: string, asStatus = 200): PlanFault => always({ rewrite: () => body, asStatus });

const rows: readonly (readonly [name: string, verdict: SnsVerdict, plan: PlanFault])[] = [
  ["throttles", "next region", awsError(400, "Throttling")],
  ["has no more quota for the month", "next region", awsError(403, "LimitExceeded")],
  ["refuses the credentials", "next region", awsError(403, "AuthorizationError")],
  ["does not know the key", "next region", awsError(403, "InvalidClientTokenId")],
  ["finds the clock wrong", "next region", awsError(403, "RequestExpired")],
  ["fails (500 InternalError)", "next region", awsError(500, "InternalError")],
  ["is not available (503)", "next region", awsError(503, "ServiceUnavailable")],
  ["takes it and says 500 InternalError", "taken twice", taking(errorXml("InternalError"), 500)],
  ["refuses the number (opted out)", "refused", awsError(400, "OptedOut")],
  ["refuses the message", "refused", awsError(400, "InvalidParameter")],
  ["drops the request", "unconfirmed, not sent", always("drop_before")],
  ["never answers", "unconfirmed, not sent", always("hang_before")],
  ["answers 500 in HTML", "unconfirmed, not sent", plain(500, "<html>oops</html>")],
  ["answers 502 with nothing", "unconfirmed, not sent", plain(502, "")],
  ["answers 503 in JSON", "unconfirmed, not sent", plain(503, '{"message":"busy"}')],
  ["answers 429 with nothing", "unconfirmed, not sent", plain(429, "")],
  [
    "redirects to http",
    "unconfirmed, not sent",
    (_, { plainUrl }) => ({ status: 307, body: "", headers: { Location: plainUrl } }),
  ],
  ["takes it and drops the answer", "unconfirmed, sent", always("drop_after")],
  ["takes it and never answers", "unconfirmed, sent", always("hang_after")],
  ["takes it after the answer", "unconfirmed, sent", (_, { answered }) => ({ after: answered })],
  ["takes it and says 500 in HTML", "unconfirmed, sent", taking("<html>oops</html>", 500)],
  ["takes it and is slow", "accepted", () => ({ answerAfter: setTimeout(SLOW_MS) })],
  ["takes it and answers HTML", "accepted", taking("<html>hello</html>")],
  ["takes it and answers bad XML", "accepted", taking("<PublishResponse><Publish")],
  ["takes it and answers nothing", "accepted", taking("")],
  ["takes it and answers without end", "accepted", always({ endless: " " })],
  ["takes it and breaks off after the headers", "accepted", always("cut_after_headers")],
  ["takes it and breaks off in the body", "accepted", always("cut_in_body")],
  ["takes it and stalls in the body", "unconfirmed, sent", always("stall_in_body")],
  ["takes it and drips a byte at a time", "unconfirmed, sent", always("drip")],
];

/** All that SNS, or the way to it, can do to one publish. */
export const snsFaults: readonly WireFault[] = rows.map(([name, verdict, plan]) => ({
  name,
  upstream: "sns",
  verdict,
  plan,
}));
