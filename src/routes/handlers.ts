import type { Input } from "hono";
import type { BlankInput, H, HandlerResponse } from "hono/types";
import type { AppEnv } from "./env.ts";

type Handler<I extends Input, R extends HandlerResponse<unknown>> = H<AppEnv, string, I, R>;

/** A route's handlers with all that they answer in their types. Hono's own factory would bring all of its routers. */
export function createHandlers<I extends Input = BlankInput, R extends HandlerResponse<unknown> = Response>(
  handler: Handler<I, R>,
): [Handler<I, R>];
export function createHandlers<
  I extends Input = BlankInput,
  R extends HandlerResponse<unknown> = Response,
  I2 extends Input = I,
  R2 extends HandlerResponse<unknown> = R,
>(first: Handler<I, R>, second: Handler<I2, R2>): [Handler<I, R>, Handler<I2, R2>];
export function createHandlers(...handlers: readonly unknown[]): unknown {
  return handlers;
}
