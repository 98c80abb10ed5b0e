/** A region of SNS that takes so many publishes a second, and says no to more. */
export interface PublishQuota {
  /** Asked in the order of time. Milliseconds. */
  takes(now: number): boolean;
}

/** A bucket that holds a second's worth. */
export function createPublishQuota(perSecond: number): PublishQuota {
  let tokens = perSecond;
  let filledAt = 0;
  return {
    takes(now) {
      tokens = Math.min(perSecond, tokens + ((now - filledAt) / 1000) * perSecond);
      filledAt = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
