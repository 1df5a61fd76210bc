import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { TABLES } from "./rows.ts";
import type { Table } from "./rows.ts";

/** What has to go while many rows come in, and how it is put back. */
interface Guard {
  drop: string;
  restore: string;
}

/** One transaction on one connection: all of it is there in the end, or nothing. */
export interface Filling {
  client: pg.Client;
  /** Takes secondary indexes, unique and foreign keys off the tables that are filled; they are back at the commit. */
  takeOffGuards(): Promise<void>;
  copy(rows: Partial<Record<Table, Uint8Array>>): Promise<void>;
  putGuardsBack(say: (line: string) => void): Promise<void>;
  commit(): Promise<void>;
  /** Forgets everything, unless it was committed. */
  close(): Promise<void>;
}

const NAMES = Object.keys(TABLES) as Table[];

/** Begins to fill the tables as the database's owner. Until the commit others see, and wait for, the tables as they were. */
export async function beginFilling(ownerUrl: string): Promise<Filling> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "motcua-generate" });
  await client.connect();
  // Where the connection breaks, the query under way says so.
  client.on("error", () => undefined);
  await client.query("set timezone = 'UTC'; set statement_timeout = 0; set maintenance_work_mem = '384MB'");
  await client.query("begin");
  let guards: Guard[] = [];
  return {
    client,
    async takeOffGuards() {
      await client.query(`lock table ${NAMES.join(", ")} in access exclusive mode`);
      guards = await readGuards(client);
      for (const { drop } of guards) await client.query(drop);
    },
    async copy(rows) {
      for (const table of NAMES) {
        const bytes = rows[table];
        if (bytes === undefined) continue;
        const stream = client.query(copyFrom(`copy ${table} (${TABLES[table]}) from stdin`));
        await pipeline(Readable.from(pieces(bytes)), stream);
      }
    },
    async putGuardsBack(say) {
      for (const { restore } of guards.toReversed()) {
        const begun = performance.now();
        await client.query(restore);
        const seconds = (performance.now() - begun) / 1000;
        if (seconds > 5) say(`${seconds.toFixed(0)} s: ${restore.slice(0, 90)}`);
      }
    },
    async commit() {
      await client.query("commit");
    },
    close: () => client.end(),
  };
}

const PIECE = 256 * 1024;

function* pieces(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE)
    yield Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(PIECE, bytes.length - at));
}

/**
 * Foreign keys first: they hang on the unique keys. Primary keys stay, and so do keys to tables that are read meanwhile
 * (the catalogue, units): taking one off would lock those as well.
 */
async function readGuards(client: pg.Client): Promise<Guard[]> {
  const { rows: constraints } = await client.query<{ table: string; name: string; definition: string }>(
    `select c.conrelid::regclass::text as table, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition
       from pg_constraint c
      where c.conrelid = any($1::regclass[])
        and ((c.contype = 'f' and c.confrelid = any($1::regclass[] || 'files'::regclass))
          or (c.contype = 'u' and not exists (
            select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid)))
      order by c.contype, c.oid`,
    [NAMES],
  );
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i
      where i.indrelid = any($1::regclass[])
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
      order by i.indexrelid`,
    [NAMES],
  );
  return [
    ...constraints.map(({ table, name, definition }) => ({
      drop: `alter table ${table} drop constraint ${name}`,
      restore: `alter table ${table} add constraint ${name} ${definition}`,
    })),
    ...indexes.map(({ name, definition }) => ({ drop: `drop index ${name}`, restore: definition })),
  ];
}
