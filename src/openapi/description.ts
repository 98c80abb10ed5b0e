import type { Operation } from "./operation.ts";

export const openapi: Operation<"GET /openapi.json"> = {
  id: "openapi",
  tag: "Service",
  summary: "This document",
  success: "OpenAPI 3.1.",
  headers: ["ETag"],
  isRevalidated: true,
  answer: { content: { "application/json": "object" } },
  failures: {},
};

export const docs: Operation<"GET /docs"> = {
  id: "docs",
  tag: "Service",
  summary: "The reference, for people",
  success: "A page that shows this document.",
  answer: { content: { "text/html": "string" } },
  failures: {},
};

export const viewer: Operation<"GET /docs/:file"> = {
  id: "viewer",
  tag: "Service",
  summary: "A part of the reference page",
  path: { file: "viewer.js" },
  success: "The viewer's script or style.",
  headers: ["ETag"],
  isRevalidated: true,
  answer: { content: { "text/javascript": "string", "text/css": "string" } },
  failures: { NOT_FOUND: true },
};
