/** What was asked for on the command line. */
export interface Settings {
  dossiers: number;
  /** The same seed on the same catalogue draws the same day. */
  seed: number;
  /** Dossiers that are handled at the same time. */
  atOnce: number;
}

export const USAGE = `npm run demo -- [--dossiers 500] [--seed N] [--at-once 8]

Plays a working day as the demonstration accounts: on the system that runs on DATA_DIR, else on one that it starts
itself and stops at the end. Exit code 0: the portal holds what we hold, and no answer was unexpected.`;

/** Thrown when the command line is not understood; the message says why. */
export class WrongUsage extends Error {}

/** Reads the command line. Throws WrongUsage. */
export function readSettings(args: readonly string[]): Settings {
  const settings: Settings = { dossiers: 500, seed: Math.floor(Math.random() * 1_000_000), atOnce: 8 };
  const names: Record<string, keyof Settings> = {
    "--dossiers": "dossiers",
    "--seed": "seed",
    "--at-once": "atOnce",
  };
  const most: Settings = { dossiers: 20_000, seed: 2 ** 31, atOnce: 64 };
  for (let at = 0; at < args.length; at += 1) {
    const [word = "", joined] = (args[at] ?? "").split("=", 2);
    const name = names[word];
    if (name === undefined) throw new WrongUsage(`${word} is not known`);
    const text = joined ?? args[(at += 1)] ?? "";
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > most[name] || (name !== "seed" && value < 1))
      throw new WrongUsage(`${word} takes a whole number up to ${most[name]}`);
    settings[name] = value;
  }
  return settings;
}
