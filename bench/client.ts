import { closedLoop, heldRate, sender } from "./load.ts";
import type { Load, Target } from "./load.ts";

/**
 * The client, in a process of its own: told what to do by message, it answers with the figures.
 * `status-changes` asks for a withdrawal and refuses it in turn, each a change of status; `get` reads one address;
 * `create` files dossiers at a held rate.
 */
export type Job =
  | {
      kind: "status-changes";
      target: Target;
      clients: number;
      seconds: number;
      dossiers: { code: string; token: string }[];
    }
  | {
      kind: "get";
      target: Target;
      clients: number;
      seconds: number;
      /** Each client asks for one of them again and again; with `rotate` all go round, each path asked for in turn. */
      paths: string[];
      rotate?: boolean;
    }
  | {
      /** Officers at their pages, each with his own session, who read a page before they open the next. */
      kind: "officers";
      target: Target;
      seconds: number;
      readMs: number;
      officers: { cookie: string; paths: string[] }[];
    }
  | {
      kind: "create";
      target: Target;
      rate: number;
      seconds: number;
      applications: { token: string; body: unknown }[];
    };

process.on("message", (job: Job) => {
  run(job).then(
    (load) => process.send?.({ load }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

function connectionsOf(job: Job): number {
  if (job.kind === "create") return 256;
  return job.kind === "officers" ? job.officers.length : job.clients;
}

async function run(job: Job): Promise<Load> {
  const { send, close } = sender(job.target, connectionsOf(job));
  try {
    switch (job.kind) {
      case "status-changes": {
        const turns = job.dossiers.map(() => 0);
        let told = false;
        return await closedLoop(job.clients, job.seconds, async (client) => {
          // Each client goes round its own dossiers, so that none waits for another's lock.
          const mine = Math.floor(job.dossiers.length / job.clients);
          const round = (turns[client] = (turns[client] ?? 0) + 1);
          const place = client * mine + (Math.floor((round - 1) / 2) % mine);
          const dossier = job.dossiers[place];
          if (dossier === undefined) return false;
          const type = round % 2 === 1 ? "REQUEST_WITHDRAWAL" : "REJECT_WITHDRAWAL";
          const { status, body } = await send({
            method: "POST",
            path: `/api/v1/dossiers/${dossier.code}/events`,
            token: dossier.token,
            body: { type, reason: "Đo tốc độ." },
          });
          if (status !== 200 && !told) {
            told = true;
            console.error(`  ${type} was answered ${status}: ${body.slice(0, 300)}`);
          }
          return status === 200;
        });
      }
      case "get": {
        let next = 0;
        return await closedLoop(job.clients, job.seconds, async (client) => {
          const path = job.paths[(job.rotate === true ? next++ : client) % job.paths.length] ?? "/";
          return (await send({ method: "GET", path })).status === 200;
        });
      }
      case "officers": {
        const turns = job.officers.map((_, at) => at);
        return await closedLoop(
          job.officers.length,
          job.seconds,
          async (client) => {
            const { cookie = "", paths = [] } = job.officers[client] ?? {};
            const turn = (turns[client] = (turns[client] ?? 0) + 1);
            const path = paths[turn % paths.length] ?? "/";
            return (await send({ method: "GET", path, cookie })).status === 200;
          },
          job.readMs,
        );
      }
      case "create":
        return await heldRate(job.rate, job.seconds, async (n) => {
          const application = job.applications[n % job.applications.length];
          if (application === undefined) return false;
          const { status } = await send({
            method: "POST",
            path: "/api/v1/dossiers",
            token: application.token,
            body: application.body,
          });
          return status === 201;
        });
    }
  } finally {
    close();
  }
}
