import type { RequestHandler } from "express";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

export interface Metrics {
  registry: Registry;
  /** Measures every request, by the pattern of its route: an address itself may hold a dossier's code. */
  measure: RequestHandler;
}

/** The figures of one process, for Prometheus; `part` is its label (web, worker). */
export function openMetrics(part: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ part });
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "http_request_seconds",
    help: "Time from the request's arrival to the last byte of its answer",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    registry,
    measure(req, res, next) {
      const end = requests.startTimer({ method: req.method });
      res.once("close", () => {
        const path = (req.route as { path?: unknown } | undefined)?.path;
        const route = typeof path === "string" ? req.baseUrl + path : "none";
        end({ route, status: res.writableFinished ? String(res.statusCode) : "broken-off" });
      });
      next();
    },
  };
}
