import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../server/platform/ports.ts";
import { startChaos, type Chaos } from "./chaos/chaos.ts";
import { FAULTS } from "./chaos/faults.ts";
import { endWrongUsage, readCommandLine } from "./command-line.ts";
import { circumstances, isGood, tableOf, writeMeasured, type Row } from "./chaos/table.ts";

/**
 * `npm run test:long -- [--seed N] [--clients 4] [--only NAME,NAME]`: kills every part of the program under load, lets
 * the portal fail in every way, and compares after each what clients were told with what is stored. Takes half an hour;
 * the whole run puts its table into docs/reliability.md. Exit code 1 when anything was lost, doubled, different, out of
 * order or broken, or not back to normal within 30 s.
 */
const USAGE = "npm run test:long -- [--seed N] [--clients 4] [--only NAME,NAME]";

const { values } = readCommandLine(USAGE, {
  options: {
    seed: { type: "string" },
    clients: { type: "string", default: "4" },
    only: { type: "string" },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const clients = Number(values.clients);
const wanted = values.only?.split(",");
const faults = FAULTS.filter(({ name }) => wanted?.includes(name) ?? true);
if (faults.length === 0 || (wanted !== undefined && faults.length < wanted.length)) {
  endWrongUsage(USAGE, `--only takes some of ${FAULTS.map(({ name }) => name).join(", ")}`);
}

const begun = performance.now();
const say = (line: string) =>
  console.log(`${((performance.now() - begun) / 1_000).toFixed(0).padStart(5)} s  ${line}`);
const folder = await mkdtemp(join(tmpdir(), "chaos-"));
// The database runs as another user when we are root, who must be able to pass through.
await chmod(folder, 0o711);
let chaos: Chaos | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void chaos?.system.stop().then(() => process.exit(130)));

let code = 1;
try {
  const port = Number(process.env.PORT ?? (await freePort()));
  const stubPort = Number(process.env.PORTAL_STUB_PORT ?? (await freePort()));
  say(`starting a system in ${folder}, seed ${seed}`);
  chaos = await startChaos({ dataDir: join(folder, "data"), port, stubPort }, { seed, clients });
  const rows = await runAll(chaos);
  const good = rows.every(isGood) && chaos.measures.faults.length === 0 && chaos.answers.open.length === 0;
  const measured = `${circumstances(seed, clients)}\n\n${tableOf(rows)}`;
  console.log(measured);
  for (const fault of chaos.measures.faults) say(`not expected: ${JSON.stringify(fault)}`);
  for (const open of chaos.answers.open) say(`without any answer: ${open}`);
  if (wanted === undefined) await writeMeasured("docs/reliability.md", measured);
  code = good ? 0 : 1;
} finally {
  await chaos?.stop();
  if (code === 0) await rm(folder, { recursive: true, force: true });
  else say(`kept for a look: ${folder}`);
}
process.exit(code);

async function runAll(on: Chaos): Promise<Row[]> {
  const rows: Row[] = [];
  await pause(5_000);
  let before = await on.audit();
  for (const fault of faults) {
    const injected = await fault.inject(on);
    const found = await on.audit();
    const row: Row = {
      ...{ fault, injected, found },
      answers: found.answers - before.answers,
      outOfOrder: found.outOfOrder - before.outOfOrder,
    };
    rows.push(row);
    before = found;
    const seconds = injected.seconds.map((one) => one.toFixed(1)).join(", ");
    say(`${isGood(row) ? "good" : "BAD "}  ${fault.name}: ${row.answers} answers, back after ${seconds} s`);
    const { lost, doubled, differences, undelivered, findings } = found;
    if (!isGood(row))
      say(JSON.stringify({ lost, doubled, differences, undelivered, findings }).slice(0, 4_000));
  }
  return rows;
}
