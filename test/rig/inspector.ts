import type { Workerd } from "./workerd.ts";

/** The V8 of a workerd that is inspected, asked by Chrome's DevTools protocol. */
export interface Inspector {
  /** What is still in use after a collection of garbage, in bytes, with what lies outside V8's own heap. */
  liveBytes(): Promise<number>;
  close(): void;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize: number;
  readonly backingStorageSize: number;
}

export async function openInspector({ url, inspectorUrl }: Workerd): Promise<Inspector> {
  if (inspectorUrl === null) throw new Error("this workerd is not inspected");
  const socket = new WebSocket(`${inspectorUrl.replace("http:", "ws:")}/main`);
  const waiting = new Map<number, (result: unknown) => void>();
  let asks = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id === undefined) return;
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const ask = <Result>(method: string): Promise<Result> => {
    const id = (asks += 1);
    const answer = new Promise<unknown>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method }));
    return answer as Promise<Result>;
  };
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return {
    async liveBytes() {
      // It is done when the Worker next runs.
      await Promise.all([ask("HeapProfiler.collectGarbage"), fetch(`${url}/health`)]);
      const usage = await ask<HeapUsage>("Runtime.getHeapUsage");
      return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
    },
    close: () => socket.close(),
  };
}
