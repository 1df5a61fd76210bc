import pg from "pg";

/**
 * The pool through which messages are claimed, sent and written off; every connection acts as `role`. Delivery
 * keeps one connection of it for its lease. Close it with `end()`.
 */
export function openPortalPool(url: string, role?: "worker" | "app"): pg.Pool {
  const settings = [
    // The server's side of keep-alive: it finds a frozen or unplugged worker within some ten seconds.
    ...["tcp_keepalives_idle=5", "tcp_keepalives_interval=2", "tcp_keepalives_count=3", "timezone=UTC"],
    ...(role === undefined ? [] : [`role=${role}`]),
  ];
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    application_name: "national-portal",
    options: settings.map((setting) => `-c ${setting}`).join(" "),
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  });
  // A connection that breaks is replaced, and the query on it fails by itself; unheard, the event would end the process.
  // The pool hears it of idle connections only: one that breaks between two queries of a transaction tells the client.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
