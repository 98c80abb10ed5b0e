/**
 * Calls `onSecond` now and with every whole second that goes by, with the seconds that are left, rounded up; the last
 * time with 0. The function that it returns ends it before that.
 * @param {number} until in ms
 * @param {(secondsLeft: number) => void} onSecond
 */
export function countDown(until, onSecond) {
  let timer = 0;
  const tick = () => {
    const leftMs = Math.max(0, until - Date.now());
    if (leftMs > 0) timer = window.setTimeout(tick, leftMs % 1000 || 1000);
    onSecond(Math.ceil(leftMs / 1000));
  };
  tick();
  return () => clearTimeout(timer);
}

/**
 * 272 is 4:32, 4000 is 1:06:40.
 * @param {number} seconds
 */
export function toClock(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts = hours > 0 ? [hours, padded(minutes)] : [minutes];
  return [...parts, padded(seconds % 60)].join(":");
}

/** @param {number} number */
const padded = (number) => String(number).padStart(2, "0");
