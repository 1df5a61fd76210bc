// knex types neither its dialects nor their inner methods; this is all of them that is used here.

declare module "knex/lib/dialects/postgres/index.js" {
  import type { Knex } from "knex";
  import type pg from "pg";

  export interface Statement {
    sql: string;
    bindings?: unknown[];
    options?: object;
    response?: unknown;
  }
  export type Connection = pg.Client & {
    /** Set while the connection belongs to a transaction. */
    __knexTxId?: string;
    connection: { stream: { cork(): void; uncork(): void } };
  };
  export default class PostgresClient {
    constructor(config: Knex.Config);
    config: Knex.Config;
    transaction(...rest: unknown[]): object;
    _query(connection: Connection, statement: Statement): Promise<Statement>;
  }
}

declare module "knex/lib/dialects/postgres/execution/pg-transaction.js" {
  import type { Connection } from "knex/lib/dialects/postgres/index.js";

  export default class PostgresTransaction {
    constructor(...rest: unknown[]);
    isolationLevel?: string;
    readOnly?: boolean;
    begin(connection: Connection): Promise<unknown>;
  }
}
