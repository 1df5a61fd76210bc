import { createServer } from "node:net";

/** Whether nobody listens on this port now; without a host, on any address of the machine. */
export function isPortFree(port: number, host?: string): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once("error", () => answer(false));
    server.listen({ port, host }, () => {
      server.close(() => answer(true));
    });
  });
}

/** A port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((answer, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => answer(port));
    });
  });
}
