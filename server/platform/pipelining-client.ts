import type knex from "knex";
import PostgresClient from "knex/lib/dialects/postgres/index.js";
import type { Connection, Statement } from "knex/lib/dialects/postgres/index.js";
import PostgresTransaction from "knex/lib/dialects/postgres/execution/pg-transaction.js";
import { preparedName } from "./prepared.ts";

/**
 * knex' PostgreSQL client with fewer journeys to the server: a transaction begins together with its first statement,
 * statements that do not wait for each other travel together, and what is asked again and again is prepared once per
 * connection. What a statement means, and in which order they run, stays the same.
 */

/** Connections on which a transaction is to begin before the next statement, with how. */
const beginning = new WeakMap<Connection, string>();

class LazyTransaction extends PostgresTransaction {
  override begin(connection: Connection): Promise<unknown> {
    if (this.isolationLevel !== undefined || this.readOnly === true) return super.begin(connection);
    beginning.set(connection, "begin");
    return Promise.resolve();
  }
}

/** Our own setting beside knex'. */
interface Settings {
  prepareReads?: boolean;
}

class Pipelining extends PostgresClient {
  override transaction(...rest: unknown[]): object {
    return new LazyTransaction(this, ...rest);
  }

  override _query(connection: Connection, statement: Statement): Promise<Statement> {
    const begin = beginning.get(connection);
    if (begin !== undefined) {
      beginning.delete(connection);
      // A transaction in which nothing was asked: there is nothing to end either.
      if (/^(?:commit|rollback);?$/i.test(statement.sql)) {
        statement.response = { command: "COMMIT", rows: [] };
        return Promise.resolve(statement);
      }
      sendTogether(connection);
      // Whatever keeps it from beginning keeps the next statement from running too, which tells.
      connection.query(begin).catch(() => undefined);
    } else if (connection.__knexTxId !== undefined) sendTogether(connection);
    const prepares = connection.__knexTxId !== undefined || (this.config as Settings).prepareReads === true;
    const { sql: text, bindings: values = [], options } = statement;
    const name = prepares && values.length > 0 ? preparedName(text) : undefined;
    return new Promise((resolve, reject) => {
      connection.query(
        { text, values, ...(name === undefined ? {} : { name }), ...options },
        (error: Error | null, response: unknown) => {
          statement.response = response;
          if (error === null) resolve(statement);
          else reject(error);
        },
      );
    });
  }
}

export const PipeliningClient = Pipelining as unknown as typeof knex.Client;

const corked = new WeakSet<Connection>();

/** What is written to the connection before the next turn goes out as one packet. */
function sendTogether(connection: Connection): void {
  if (corked.has(connection)) return;
  corked.add(connection);
  const { stream } = connection.connection;
  stream.cork();
  setImmediate(() => {
    corked.delete(connection);
    stream.uncork();
  });
}
