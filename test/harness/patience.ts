/** How long a browser test waits for what a person would see. On a busy machine a page takes seconds. */
export const PATIENCE_MS = 15_000;
