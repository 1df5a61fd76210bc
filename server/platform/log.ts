import { pino, type Logger } from "pino";

export type Log = Logger;

/** Never in a log, wherever they stand: what lets somebody in, and a signing key's PIN. */
const SECRETS = [
  "authorization",
  "cookie",
  "set-cookie",
  "x-dossier-secret",
  "password",
  "pin",
  "otp",
  "secret",
  "token",
];

/**
 * Opens the log of a process: JSON lines on stderr, with secrets cut out; stdout is for what
 * a person reads. `level` is pino's (LOG_LEVEL).
 */
export function openLog(part: string, level: string): Log {
  const options = {
    level,
    base: { part },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRETS.flatMap((name) => {
        const key = name.includes("-") ? `["${name}"]` : `.${name}`;
        return [key.replace(/^\./, ""), `*${key}`, `*.*${key}`];
      }),
      censor: "[hidden]",
    },
  };
  return pino(options, pino.destination({ dest: 2, sync: true }));
}

/** A log that writes nothing, for tests and commands that print in their own words. */
export const silentLog: Log = pino({ level: "silent" });
