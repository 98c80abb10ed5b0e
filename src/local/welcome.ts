export interface Running {
  readonly serviceUrl: string;
  readonly inboxUrl: string;
  /** What Redis is in this session, in words. */
  readonly redis: string;
}

/** What a newcomer needs: where things are, and two commands that sign in as they stand. */
export function welcome({ serviceUrl, inboxUrl, redis }: Running): string {
  return `
edge-otp is running.

  Inbox    ${inboxUrl}   sign in there as on a phone; every SMS lands beside it
  Numbers  ${inboxUrl}/numbers   what the Worker's metrics say; \`npm run load\` brings a crowd
  Service  ${serviceUrl}
  API      ${serviceUrl}/docs   what it takes and answers, to read and to try
  Redis    ${redis}

Or by hand. Ask for a code:

  curl ${serviceUrl}/api/v1/auth/send-otp \\
    -H 'content-type: application/json' \\
    -d '{"phone":"9876543210","role":"customer"}'

Sign in with it; the code is read from the inbox:

  code=$(curl -s '${inboxUrl}/messages?phone=9876543210' | grep -o '"code":"[0-9]*"' | head -n 1 | tr -dc 0-9)
  curl ${serviceUrl}/api/v1/auth/verify-otp \\
    -H 'content-type: application/json' \\
    -d '{"phone":"9876543210","role":"customer","otp":"'$code'"}'

Ctrl-C stops everything.

`;
}
