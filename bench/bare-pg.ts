import pg from "pg";
import { closedLoop } from "./load.ts";

/**
 * The limit beside the status changes: the same rows by a bare `pg` on a pool of the same size, one BEGIN and COMMIT
 * per change, nothing decided and nobody told.
 */
export interface BareJob {
  url: string;
  clients: number;
  seconds: number;
  connections: number;
  dossiers: number[];
  /** Public data, personal data and the two messages as a status change writes them. */
  sample: { facts: string; state: string; dossierMessage: string; progressMessage: string };
}

process.on("message", (job: BareJob) => {
  run(job).then(
    (load) => process.send?.({ load }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

async function run(job: BareJob) {
  const pool = new pg.Pool({ connectionString: job.url, max: job.connections, options: "-c role=app" });
  const zero = Buffer.alloc(32);
  const seqs = new Map<number, number>();
  // Rows of an earlier run stay: each run counts from another number.
  const base = Math.floor(Date.now() / 100) % 2_000_000_000;
  const turns: number[] = [];
  const mine = Math.floor(job.dossiers.length / job.clients);
  try {
    return await closedLoop(job.clients, job.seconds, async (client) => {
      const round = (turns[client] = (turns[client] ?? -1) + 1);
      const id = job.dossiers[client * mine + (round % mine)] ?? 0;
      const seq = (seqs.get(id) ?? base) + 1;
      seqs.set(id, seq);
      const connection = await pool.connect();
      try {
        const now = new Date();
        await connection.query("begin");
        await connection.query(
          `insert into events (dossier_id, seq, type, at, recorded_at, actor, actor_role, actor_agency, from_state,
             to_state, from_status, status, data, commitment, previous_hash, hash)
           values ($1, $2, 'REQUEST_WITHDRAWAL', $3, $3, 'x', 'frontdesk', '000.00.20.H30', 'accepted', 'accepted', 2, 7, '{}', $4, $4, $4)`,
          [id, seq, now, zero],
        );
        await connection.query(
          "insert into event_personal (dossier_id, seq, salt, data) values ($1, $2, $3, $4)",
          [id, seq, zero, '{"reason":"Đo tốc độ."}'],
        );
        await connection.query(
          `insert into outbox (dossier_id, dossier_code, seq, kind, payload, state)
           values ($1, 'x', $2, 'dossier', $3, 'delivered'), ($1, 'x', $2, 'progress', $4, 'delivered')`,
          [id, seq, job.sample.dossierMessage, job.sample.progressMessage],
        );
        await connection.query(
          "update dossiers set status = 2, state = $2, facts = $3, version = version + 1, updated_at = $4 where id = $1",
          [id, job.sample.state, job.sample.facts, now],
        );
        await connection.query("commit");
        return true;
      } finally {
        connection.release();
      }
    });
  } finally {
    await pool.end();
  }
}
