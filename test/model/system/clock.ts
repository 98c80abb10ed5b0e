/** The one clock of service, store and callers: milliseconds since 1970. It stands still but where somebody moves it. */
export interface Clock {
  now: number;
}
