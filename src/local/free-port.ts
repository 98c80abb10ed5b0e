import { createServer } from "node:http";
import { isPortTaken, listenLoopback } from "./loopback.ts";

/** The wanted port when it is free on both loopback addresses, else any that is. */
export async function findFreePort(wanted: number): Promise<number> {
  try {
    return await probe(wanted);
  } catch (error) {
    if (isPortTaken(error)) return probe(0);
    throw error;
  }
}

async function probe(wanted: number): Promise<number> {
  const { port, close } = await listenLoopback(() => createServer(), { port: wanted });
  await close();
  return port;
}
