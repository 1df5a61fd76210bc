import { parseArgs } from "node:util";
import { isDay } from "../command-line.ts";

/** What was asked for on the command line. */
export interface Settings {
  dossiers: number;
  /** First day of filing, `2025-01-01`. */
  from: string;
  /** Last day; undefined: today by the program's clock, up to now. */
  to: string | undefined;
  /** The same seed on the same catalogue and period makes the same dossiers. */
  seed: number;
  /** Of how many days before the end the messages to the portal are kept. */
  recentOutboxDays: number;
  /** Staff for all units, some 6,000 accounts, not only for those that get dossiers. */
  accounts: boolean;
  /** Beside the dossiers that are there. */
  add: boolean;
}

export const USAGE = `npm run generate -- --dossiers 100000 [--from 2025-01-01] [--to 2026-11-24] [--seed N]
                    [--recent-outbox-days 2] [--accounts] [--add]

Fills the database of DATA_DIR (or DATABASE_URL) with made-up dossiers. The program must not be running.
  --accounts  staff for all units, some 6,000 accounts, with a password that nobody knows
  --add       beside the dossiers that are there`;

/** Thrown when the command line is not understood; the message says why. */
export class WrongUsage extends Error {}

/** Reads the command line. Throws WrongUsage. */
export function readSettings(args: readonly string[]): Settings {
  const { values } = parse(args);
  const from = dayOf("from", values.from ?? "2025-01-01");
  const to = values.to === undefined ? undefined : dayOf("to", values.to);
  if (to !== undefined && to < from) throw new WrongUsage("--to lies before --from");
  return {
    dossiers: whole("dossiers", values.dossiers, 1, 100_000_000),
    from,
    to,
    seed: whole("seed", values.seed ?? "1", 0, 2 ** 31),
    recentOutboxDays: whole("recent-outbox-days", values["recent-outbox-days"] ?? "2", 0, 366),
    accounts: values.accounts,
    add: values.add,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        dossiers: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        seed: { type: "string" },
        "recent-outbox-days": { type: "string" },
        accounts: { type: "boolean", default: false },
        add: { type: "boolean", default: false },
      },
    });
  } catch (cause) {
    throw new WrongUsage((cause as Error).message);
  }
}

function whole(name: string, text: string | undefined, from: number, to: number): number {
  const value = Number(text);
  if (text === undefined || !/^\d+$/.test(text) || value < from || value > to)
    throw new WrongUsage(`--${name} takes a whole number from ${from} to ${to}`);
  return value;
}

function dayOf(name: string, text: string): string {
  if (!isDay(text)) throw new WrongUsage(`--${name} takes a date such as 2025-01-01`);
  return text;
}
