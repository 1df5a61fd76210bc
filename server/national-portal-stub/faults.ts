/** How the portal misbehaves from now on. Rates are between 0 and 1, of the calls under /mapi. */
export interface Faults {
  /** Everything under /mapi answers 503. */
  down: boolean;
  /** Every call under /mapi waits this long first. */
  latencyMs: number;
  /** Calls that answer 500 and keep nothing. */
  errorRate: number;
  /** Calls of /mapi/g that keep the message and then cut the connection. */
  dropAckRate: number;
  /** Ends every session once, now. */
  expireSessions: boolean;
  /** Calls of /mapi/g that keep the message and answer with something unreadable. */
  garbageRate: number;
  /** Pushes that answer code "0" with a failure as text, and keep nothing. */
  codeZeroFailureRate: number;
}

export const NO_FAULTS: Faults = {
  down: false,
  latencyMs: 0,
  errorRate: 0,
  dropAckRate: 0,
  expireSessions: false,
  garbageRate: 0,
  codeZeroFailureRate: 0,
};

const RATES = ["errorRate", "dropAckRate", "garbageRate", "codeZeroFailureRate"] as const;

/** Reads the body of PUT /_faults; what it leaves out is off. Answers the fault in words when it is not one. */
export function readFaults(body: unknown): Faults | string {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return "the body must be an object";
  const stray = Object.keys(body).find((key) => !(key in NO_FAULTS));
  if (stray !== undefined) return `${stray} is not a fault; known: ${Object.keys(NO_FAULTS).join(", ")}`;
  const faults: Record<keyof Faults, unknown> = { ...NO_FAULTS, ...body };
  for (const name of ["down", "expireSessions"] as const) {
    if (typeof faults[name] !== "boolean") return `${name} must be true or false`;
  }
  for (const name of RATES) {
    const rate = faults[name];
    if (typeof rate !== "number" || !(rate >= 0 && rate <= 1)) return `${name} must be between 0 and 1`;
  }
  const latency = faults.latencyMs;
  if (typeof latency !== "number" || !Number.isInteger(latency) || latency < 0 || latency > 600_000) {
    return "latencyMs must be a whole number from 0 to 600000";
  }
  return faults as Faults;
}

const GARBAGE = [
  "",
  "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
  '{"error_code":"0","message":"Đồng bộ hồ sơ thà',
  "null",
  '["0"]',
  '{"error_code":{},"message":7}',
];

export function someGarbage(): string {
  return GARBAGE[Math.floor(Math.random() * GARBAGE.length)] ?? "";
}

export function happens(rate: number): boolean {
  return rate > 0 && Math.random() < rate;
}
