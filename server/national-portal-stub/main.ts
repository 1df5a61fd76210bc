import { startPortalStub } from "./start.ts";

const missing = [
  "STUB_DATABASE_URL",
  "PORTAL_USERNAME",
  "PORTAL_PASSWORD",
  "PROGRAM_URL",
  "PORTAL_INBOUND_TOKEN",
]
  .filter((name) => !process.env[name])
  .join(", ");
if (missing) {
  console.error(`portal stub: set ${missing}`);
  process.exit(1);
}
const env = (name: string, otherwise = ""): string => process.env[name] ?? otherwise;

// The program hands on when its clock was started, so that both show the same time.
const start = Number(env("CLOCK_REFERENCE", String(Date.now())));
const clockStart = env("CLOCK_START") === "" ? start : Date.parse(env("CLOCK_START"));
if (Number.isNaN(clockStart)) {
  console.error("portal stub: CLOCK_START is not a moment");
  process.exit(1);
}

const stub = await startPortalStub({
  port: Number(env("PORTAL_STUB_PORT", "4000")),
  databaseUrl: env("STUB_DATABASE_URL"),
  username: env("PORTAL_USERNAME"),
  password: env("PORTAL_PASSWORD"),
  unit: env("PORTAL_UNIT", "000.00.00.H30"),
  programUrl: env("PROGRAM_URL"),
  inboundToken: env("PORTAL_INBOUND_TOKEN"),
  proceduresFile: process.env.STUB_PROCEDURES_FILE,
  clock: () => new Date(clockStart + (Date.now() - start)),
});
console.log(`portal stub ready ${stub.url}`);
// To whoever started this process and waits for it, if anybody does.
process.send?.("started");

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    // A handler that hangs in the database must not hold up the stop.
    setTimeout(() => process.exit(0), 2500).unref();
    void stub.stop().then(() => process.exit(0));
  });
}
