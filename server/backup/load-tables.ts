import { once } from "node:events";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { BadBackup, count, type Manifest } from "./format.ts";
import { columnsOf, connectOwner } from "./tables.ts";

/** Tables that are being filled in one transaction: all of it is there in the end, or nothing. */
export interface Loading {
  part(table: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  /** Puts keys, indexes and triggers back, sets the sequences, counts the rows, and commits. Throws when they differ. */
  finish(): Promise<void>;
  /** Forgets everything, unless it was finished. */
  close(): Promise<void>;
}

/**
 * Begins to fill the tables of a database that stands at the backup's migration, as their owner. What would stand in the
 * way of rows in any order, or cost hours row by row (foreign keys, indexes, triggers), is taken off and put back as it
 * was in the same transaction. That the tables are those of the backup is known by then (rehearse.ts).
 */
export async function beginLoading(
  ownerUrl: string,
  manifest: Manifest,
  say: (line: string) => void,
): Promise<Loading> {
  const client = await connectOwner(ownerUrl, "motcua-restore");
  const tables = new Map(manifest.tables.map((table) => [table.name, table]));
  let open: { table: string; stream: ReturnType<typeof copyFrom> } | undefined;
  let putBack: string[] = [];

  try {
    await client.query("begin; set local maintenance_work_mem = '256MB'; set local synchronous_commit = on");
    const guards = await readGuards(client);
    for (const { off } of guards) await client.query(off);
    putBack = guards.map(({ on }) => on).reverse();
    // What migrations have put in is in the backup too.
    if (tables.size > 0) await client.query(`truncate ${[...tables.keys()].map(quoted).join(", ")}`);
  } catch (cause) {
    await client.end();
    throw cause;
  }

  async function closeStream(): Promise<void> {
    if (open === undefined) return;
    const { stream } = open;
    open = undefined;
    const ended = once(stream, "finish");
    stream.end();
    await ended;
  }

  return {
    async part(table, bytes) {
      if (open?.table !== table) {
        await closeStream();
        const columns = tables.get(table)?.columns;
        if (columns === undefined)
          throw new BadBackup(`Tệp sao lưu hỏng: không có bảng "${table}" trong danh mục.`);
        open = { table, stream: client.query(copyFrom(`copy ${columnsOf(table, columns)} from stdin`)) };
      }
      const { stream } = open;
      // once() below hears of an error only while it waits.
      let failure: Error | undefined;
      const fail = (cause: Error) => (failure = cause);
      stream.on("error", fail);
      for await (const chunk of bytes) {
        if (failure) throw failure;
        if (!stream.write(chunk)) await once(stream, "drain");
      }
      stream.off("error", fail);
    },
    async finish() {
      await closeStream();
      for (const statement of putBack) {
        const begun = performance.now();
        await client.query(statement);
        if (performance.now() - begun > 10_000) say(`  ${statement.slice(0, 90)} …`);
      }
      for (const { name, last, called } of manifest.sequences)
        await client.query("select setval(format('public.%I', $1::text)::regclass, $2, $3)", [
          name,
          last,
          called,
        ]);
      for (const { name, rows } of manifest.tables) await assertRows(client, name, rows);
      await client.query("commit");
      await client.query("analyze");
    },
    close: () => client.end(),
  };
}

const quoted = (table: string) => `public.${pg.escapeIdentifier(table)}`;

async function assertRows(client: pg.Client, table: string, expected: number): Promise<void> {
  const { rows } = await client.query<{ rows: string }>(
    `select count(*)::text as rows from ${quoted(table)}`,
  );
  if (Number(rows[0]?.rows) !== expected)
    throw new BadBackup(
      `Bảng ${table} có ${count(Number(rows[0]?.rows))} dòng, bản sao lưu ghi ${count(expected)} dòng: không phục hồi.`,
    );
}

interface Guard {
  off: string;
  on: string;
}

/**
 * What is taken off, in that order: foreign keys first, as they hang on unique keys. Primary keys stay. Triggers of the
 * tables' own (append-only and the like) guard against changes, not against what was true already.
 */
async function readGuards(client: pg.Client): Promise<Guard[]> {
  const { rows } = await client.query<Guard>(
    `select 'alter table ' || c.conrelid::regclass || ' drop constraint ' || quote_ident(c.conname) as off,
            'alter table ' || c.conrelid::regclass || ' add constraint ' || quote_ident(c.conname) || ' '
              || pg_get_constraintdef(c.oid) as on,
            case c.contype when 'f' then 1 else 2 end as step, c.oid
       from pg_constraint c
      where c.connamespace = 'public'::regnamespace and c.conrelid <> 0
        and (c.contype = 'f' or (c.contype = 'u' and not exists (
          select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid)))
     union all
     select 'drop index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid), 3, i.indexrelid
       from pg_index i join pg_class t on t.oid = i.indrelid
      where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
     union all
     select 'alter table ' || g.tgrelid::regclass || ' disable trigger ' || quote_ident(g.tgname),
            'alter table ' || g.tgrelid::regclass || ' enable '
              || case g.tgenabled when 'A' then 'always ' when 'R' then 'replica ' else '' end
              || 'trigger ' || quote_ident(g.tgname), 4, g.oid
       from pg_trigger g join pg_class t on t.oid = g.tgrelid
      where t.relnamespace = 'public'::regnamespace and not g.tgisinternal and g.tgenabled <> 'D'
      order by step, oid`,
  );
  return rows.map(({ off, on }) => ({ off, on }));
}
