import cluster from "node:cluster";
import { createServer, type Server } from "node:http";
import { createApp } from "./app.ts";
import { openParts } from "./parts.ts";
import { readConfig } from "./config.ts";
import { tellStarted } from "./platform/child-process.ts";
import { openMetrics } from "./platform/metrics.ts";
import { openSessions } from "./accounts/sessions.ts";

/** Connections of each web process; the server takes 100 in all. */
const CONNECTIONS = 10;

/** How long a request that is under way may go on after the process was asked to stop, in milliseconds. */
const GRACE = 4_000;

// One process serves by itself; of several, this one only shares the port out and starts again whichever ends.
const { processes } = readConfig(process.env);
if (processes > 1 && cluster.isPrimary) shareOut(processes);
else await serve();

function shareOut(count: number): void {
  let stopping = false;
  let started = 0;
  // Each says by `tellStarted` that it serves; all together are what was to be started.
  cluster.on("message", () => {
    if (++started === count) tellStarted();
  });
  for (let n = 0; n < count; n++) cluster.fork();
  cluster.on("exit", () => {
    if (!stopping) setTimeout(() => cluster.fork(), 500);
    else if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.on(signal, () => {
      stopping = true;
      for (const worker of Object.values(cluster.workers ?? {})) worker?.kill("SIGTERM");
      setTimeout(() => process.exit(0), GRACE + 500).unref();
    });
}

async function serve(): Promise<void> {
  const max = Math.max(4, Math.floor((CONNECTIONS * 4) / Math.max(4, processes)));
  const parts = await openParts(process.env, { name: "web", role: "app", connections: max });
  let stopping = false;
  const app = await createApp({
    ...parts,
    trackingDb: parts.openPool("tracking", Math.ceil(max / 2), { prepareReads: true }),
    sessions: openSessions(parts),
    metrics: openMetrics("web"),
    isStopping: () => stopping,
  });
  const server = createServer(app);
  server.listen(parts.config.port, () => {
    parts.log.info({ port: parts.config.port }, "serving");
    tellStarted();
  });
  server.once("error", (cause) => {
    parts.log.fatal({ err: cause }, "cannot serve");
    process.exit(1);
  });
  const end = async () => {
    if (stopping) return;
    stopping = true;
    await close(server);
    await parts.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end());
}

/** Takes no more connections, lets the requests under way end, and cuts those that take too long. */
async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE);
  await closed;
  clearTimeout(cut);
}
