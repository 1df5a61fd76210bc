import { migrationSource } from "./server/platform/migrate.ts";

// For knex's own commands, against an outside database: DATABASE_OWNER_URL=… npx tsx node_modules/.bin/knex migrate:status
// `npm start` runs the migrations by itself.
export default {
  client: "pg",
  connection: process.env.DATABASE_OWNER_URL ?? "",
  migrations: { migrationSource },
};
