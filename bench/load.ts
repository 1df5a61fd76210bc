import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { at } from "./figures.ts";

/** One request of a load: what to send, and what to do with the answer. */
export interface Shot {
  method: "GET" | "POST";
  path: string;
  token?: string;
  cookie?: string;
  body?: unknown;
}

export interface Load {
  perSecond: number;
  p50: number;
  p95: number;
  failures: number;
}

export interface Target {
  host: string;
  port: number;
}

/** Sends requests over kept connections; answers the status and the body. */
export function sender({ host, port }: Target, connections: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const send = (shot: Shot): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const payload = shot.body === undefined ? undefined : JSON.stringify(shot.body);
      const request = http.request(
        {
          agent,
          host,
          port,
          method: shot.method,
          path: shot.path,
          headers: {
            ...(shot.token === undefined ? {} : { Authorization: `Bearer ${shot.token}` }),
            ...(shot.cookie === undefined ? {} : { Cookie: shot.cookie, "Accept-Encoding": "gzip" }),
            ...(payload === undefined
              ? {}
              : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) }),
          },
        },
        (answer) => {
          let body = "";
          answer.setEncoding("utf8");
          answer.on("data", (text: string) => (body += text));
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
        },
      );
      request.once("error", reject);
      request.end(payload);
    });
  return { send, close: () => agent.destroy() };
}

/**
 * `clients` of them, each sending its next request as soon as the last was answered, or after having read the answer
 * for `readMs` on average, for `seconds`.
 */
export async function closedLoop(
  clients: number,
  seconds: number,
  shoot: (client: number) => Promise<boolean>,
  readMs = 0,
): Promise<Load> {
  const times: number[] = [];
  let failures = 0;
  const until = performance.now() + seconds * 1000;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      // People who read do not all begin with the same blow.
      if (readMs > 0) await pause(readMs * Math.random());
      while (performance.now() < until) {
        const start = performance.now();
        if (!(await shoot(client))) failures += 1;
        times.push(performance.now() - start);
        if (readMs > 0) await pause(readMs * (0.5 + Math.random()));
      }
    }),
  );
  return summary(times, (performance.now() - begun) / 1000, failures);
}

/** A request every 1/`rate` seconds whether or not the last was answered; times count from when it was due. */
export async function heldRate(
  rate: number,
  seconds: number,
  shoot: (n: number) => Promise<boolean>,
): Promise<Load> {
  const times: number[] = [];
  const running: Promise<void>[] = [];
  let failures = 0;
  const begun = performance.now();
  for (let n = 0; n < rate * seconds; n++) {
    const due = begun + (n * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    running.push(
      shoot(n).then((ok) => {
        if (!ok) failures += 1;
        times.push(performance.now() - due);
      }),
    );
  }
  await Promise.all(running);
  return summary(times, (performance.now() - begun) / 1000, failures);
}

function summary(times: number[], seconds: number, failures: number): Load {
  const sorted = times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p50: at(sorted, 0.5), p95: at(sorted, 0.95), failures };
}
