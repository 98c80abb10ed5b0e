import { Hono } from "hono";

/** The least that a Worker on Hono can be. */
const app = new Hono();

app.get("/", (c) => c.text("Hello"));

export default app;
