/** Why a request was refused, by its reason in the log. */
const WORDS = new Map(
  Object.entries({
    wrong_guess: "Wrong code",
    out_of_guesses: "No guesses left",
    expired: "Code too old",
    no_code: "No code was asked for",
    replaced: "A newer code was sent",
    used: "Code used already",
    forged: "Challenge id not ours",
    invalid_phone: "Not a phone number",
    number_not_allowed: "Not a mobile number",
    country_not_allowed: "Country not served",
    in_progress: "Same request still running",
    sms_rejected: "SNS refused the number",
    sms_unavailable: "No SNS region sent",
    no_token: "No token, or not ours",
    token_no_good: "Access token no good",
    no_session: "No such session",
    session_ended: "Session has ended",
    session_over: "Session has ended",
    token_stolen: "Refresh token used twice",
    session_stolen: "Session ended for theft",
    account_suspended: "Account suspended",
    directory_unavailable: "Directory gave no answer",
    store_timeout: "Store too slow",
    store_network: "Store not reached",
    store_refused: "Store refused",
    store_malformed: "Store not understood",
    no_route: "No such address",
    bindings: "Configuration is wrong",
    method: "Method not allowed",
    content_type: "Not JSON",
    body_size: "Body too large",
    "over_limit:resendAfterSeconds": "Asked again too soon",
    "over_limit:sendsPerHour": "Too many sends to a number, hour",
    "over_limit:sendsPerDay": "Too many sends to a number, day",
    "over_limit:sendsPerDayPerNumber": "Too many sends to a number in all roles, day",
    "over_limit:sendsPerHourPerIp": "Too many sends from an address",
    "over_limit:verifiesPerHourPerIp": "Too many guesses from an address",
    "over_limit:smsPerDay": "SMS budget of the day",
    "over_limit:smsPerDayPerCountry": "SMS budget of the country",
    "over_limit:smsPerDayPerRole": "SMS budget of the role",
    "over_limit:sendsPerDayReserve": "Too many sends with proof, day",
    "over_limit:RATE_LIMITER": "Flood from an address",
    "over_limit:guard": "Held by the guard",
  }),
);

/**
 * @param {string} outcome
 * @param {string} reason
 */
export function inWords(outcome, reason) {
  const words = WORDS.get(reason);
  if (words !== undefined) return words;
  if (reason === "") return outcome;
  return outcome === "INVALID_REQUEST" ? `Request wrong in ${reason}` : reason.replaceAll("_", " ");
}
