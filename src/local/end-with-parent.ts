import { setInterval } from "node:timers";

/*
 * Imported for its effect: when the process that started this one is gone, this one gets a SIGTERM, so that no
 * server outlives a parent that was killed outright.
 */
const parent = process.ppid;
const watch = (): void => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
};
setInterval(watch, 250).unref();
