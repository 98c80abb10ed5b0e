/**
 * One `Idempotency-Key` for one thing that a person wants: the same for every try at it, so that a try whose answer
 * was lost is not done twice; another once it is done, or is another thing.
 */
export function createKeys() {
  let wanted = "";
  let key = "";
  return {
    /** @param {object} body */
    keyFor(body) {
      const text = JSON.stringify(body);
      if (text !== wanted) [wanted, key] = [text, crypto.randomUUID()];
      return key;
    },
    finish() {
      wanted = "";
    },
  };
}
