/** A refusal in AWS's words: its error code, HTTP status and message. */
export interface SnsFailure {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}
