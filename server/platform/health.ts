import { Router } from "express";
import type { Registry } from "prom-client";
import type { Database } from "./database.ts";

export interface HealthDeps {
  db: Database;
  registry: Registry;
  /** True from the moment that the process was asked to stop. */
  isStopping: () => boolean;
  /** More that readiness tells; it decides nothing. */
  detail?: () => Promise<Record<string, unknown>>;
}

/**
 * `/health/live`: the process answers. `/health/ready`: it can serve now, that is it is not stopping and the database
 * answers within two seconds; 503 otherwise. `/metrics`: for Prometheus.
 */
export function healthRoutes({ db, registry, isStopping, detail }: HealthDeps): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set("Cache-Control", "no-store");
    next();
  });
  router.get("/health/live", (_req, res) => {
    res.json({ status: "live" });
  });
  router.get("/health/ready", async (_req, res) => {
    const database = await answers(db);
    const ready = database && !isStopping();
    res.status(ready ? 200 : 503).json({
      status: ready ? "ready" : "not-ready",
      database: database ? "answers" : "does-not-answer",
      ...(isStopping() ? { stopping: true } : {}),
      ...(ready && detail !== undefined ? await detail() : {}),
    });
  });
  router.get("/metrics", async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

async function answers(db: Database): Promise<boolean> {
  const asked = Promise.resolve(db.raw("select 1")).then(
    () => true,
    () => false,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), 2_000)));
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer;
}
