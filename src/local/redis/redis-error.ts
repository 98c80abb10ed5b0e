/** What Redis answers instead of a result: the message is the whole error line, code first. */
export class RedisError extends Error {
  override readonly name = "RedisError";
}

export const wrongType = (): RedisError =>
  new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");

export const syntaxError = (): RedisError => new RedisError("ERR syntax error");

export const wrongArity = (command: string): RedisError =>
  new RedisError(`ERR wrong number of arguments for '${command}' command`);

export const invalidExpireTime = (command: string): RedisError =>
  new RedisError(`ERR invalid expire time in '${command}' command`);
