import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Exchange {
  request: string;
  /** Passes the request on and answers the portal's own reply. */
  pass: () => Promise<string>;
}

/** A gateway before the portal that answers what `answer` says: a status with no body, or a body. */
export async function startPortalInBetween(
  portalUrl: string,
  answer: (exchange: Exchange) => Promise<number | string>,
): Promise<{ url: string; stop: () => void }> {
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on("data", (part: Buffer) => parts.push(part));
    req.on("end", () => {
      const request = Buffer.concat(parts).toString("utf8");
      const headers = { "content-type": "application/json" };
      const pass = async () =>
        (await fetch(portalUrl + String(req.url), { method: "POST", headers, body: request })).text();
      answer({ request, pass }).then(
        (said) => (typeof said === "number" ? res.writeHead(said).end() : res.end(said)),
        () => res.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
