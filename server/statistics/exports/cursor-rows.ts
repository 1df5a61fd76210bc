import type { Database } from "../../platform/database.ts";
import { Unavailable } from "../../platform/errors.ts";

/** A question with its values. */
export interface Query {
  sql: string;
  values: Record<string, unknown>;
}

const A_FETCH = 1_000;
/** Each holds a connection of the pool for as long as it lasts; the counter needs the others. */
const MOST_AT_ONCE = 3;
let open = 0;

/**
 * The rows of a question however many there are, by a cursor of the database: it is asked once, as of one moment, and a
 * thousand rows are in memory. Whoever stops reading ends it. Throws Unavailable while three others are read.
 */
export async function* cursorRows<T>(db: Database, { sql, values }: Query): AsyncGenerator<T> {
  if (open >= MOST_AT_ONCE)
    throw new Unavailable("exports-busy", "Đang có nhiều danh sách được tải. Vui lòng thử lại sau ít phút.");
  open++;
  try {
    const trx = await db.transaction();
    try {
      await trx.raw(`declare listed no scroll cursor for ${sql}`, values as Record<string, string>);
      for (;;) {
        const { rows } = await trx.raw<{ rows: T[] }>(`fetch ${A_FETCH} from listed`);
        yield* rows;
        if (rows.length < A_FETCH) return;
      }
    } finally {
      // It has only read.
      await trx.rollback();
    }
  } finally {
    open--;
  }
}
