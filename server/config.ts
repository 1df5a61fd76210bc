import { resolve } from "node:path";
import { isMoment } from "../workflows/vietnam-time.ts";

/** What the environment says, read once and checked as a whole (docs: README, "Settings"). */
export interface Config {
  production: boolean;
  port: number;
  /** Absolute. */
  dataDir: string;
  /** Without a slash at its end. */
  publicUrl: string;
  /** Undefined: the embedded database under DATA_DIR. */
  databaseUrl: string | undefined;
  databaseOwnerUrl: string | undefined;
  portal: PortalConfig;
  /** As set; undefined means the one kept in DATA_DIR (kept-secrets.ts). */
  portalInboundToken: string | undefined;
  demoPassword: string | undefined;
  clock: ClockConfig | undefined;
  rateLimits: boolean;
  processes: number;
  logLevel: LogLevel;
  signing: SigningConfig;
  /** Where clamd listens; undefined: uploads are not scanned for viruses, which the administrator's page says. */
  scanner: { host: string; port: number } | { socket: string } | undefined;
}

export interface SigningConfig {
  /** An outside timestamp authority (RFC 3161); undefined: the demonstration's own, in production none. */
  timestamps: { url: string; user: string | undefined; password: string | undefined } | undefined;
  /** A remote signing service (Cloud Signature Consortium API), without `/csc/v1`. */
  cloud:
    | { url: string; login: { clientId: string; clientSecret: string } | { user: string; password: string } }
    | undefined;
}

export interface PortalConfig {
  /** Without a slash at its end. */
  url: string;
  username: string;
  /** As set; undefined means the stub's, kept in DATA_DIR. */
  password: string | undefined;
  /** Our `madonvi` at the portal. */
  unit: string;
  /** The port of the stub that we start ourselves; undefined when the portal is somebody else's. */
  stubPort: number | undefined;
}

export interface ClockConfig {
  /** The moment that the program's clock showed … */
  start: string;
  /** … at this moment of the machine's clock, in milliseconds. All processes of one start share it. */
  reference: number;
}

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Thrown when the environment is wrong; `problems` lists everything that is, not only the first. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`the environment is not right:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the whole environment; nothing that is set wrongly falls back to a default. `withOwner`: the caller migrates,
 * so an outside database needs its owner's address too (the processes that serve are never given it).
 * Throws ConfigError with all that is missing or wrong.
 */
export function readConfig(env: Environment, { withOwner = false } = {}): Config {
  const problems: string[] = [];
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === "" ? undefined : value;
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[], otherwise: T): T => {
    const value = text(name);
    if (value === undefined) return otherwise;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) problems.push(`${name} is "${value}"; it takes ${allowed.join(", ")}`);
    return found ?? otherwise;
  };
  const whole = (name: string, otherwise: number, from: number, to: number): number => {
    const value = text(name);
    if (value === undefined) return otherwise;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= from && number <= to) return number;
    problems.push(`${name} is "${value}"; it takes a whole number from ${from} to ${to}`);
    return otherwise;
  };
  const address = (name: string, protocols: readonly string[]): string | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol))
      return value.startsWith("http") ? value.replace(/\/+$/, "") : value;
    // Not the value itself: it may hold a password.
    problems.push(`${name} is no address that starts with ${protocols.map((p) => `${p}//`).join(" or ")}`);
    return undefined;
  };

  const production = oneOf("NODE_ENV", ["development", "test", "production"], "development") === "production";
  const port = whole("PORT", 3000, 1, 65_535);
  const databaseUrl = address("DATABASE_URL", ["postgres:", "postgresql:"]);
  const databaseOwnerUrl = address("DATABASE_OWNER_URL", ["postgres:", "postgresql:"]);
  if (databaseOwnerUrl !== undefined && text("DATABASE_URL") === undefined)
    problems.push("DATABASE_OWNER_URL is set without DATABASE_URL, the address for the running program");
  if (withOwner && databaseOwnerUrl === undefined && text("DATABASE_URL") !== undefined)
    problems.push("DATABASE_OWNER_URL is missing: an outside database needs it for the migrations");
  if (databaseUrl !== undefined && databaseOwnerUrl !== undefined)
    if (new URL(databaseUrl).username === new URL(databaseOwnerUrl).username)
      problems.push(
        "DATABASE_URL and DATABASE_OWNER_URL name the same user: the program must not own its database",
      );

  const config: Config = {
    production,
    port,
    dataDir: resolve(text("DATA_DIR") ?? ".data"),
    publicUrl: address("PUBLIC_URL", ["http:", "https:"]) ?? `http://localhost:${port}`,
    databaseUrl,
    databaseOwnerUrl,
    portal: readPortal(),
    portalInboundToken: text("PORTAL_INBOUND_TOKEN"),
    demoPassword: env.DEMO_PASSWORD === "" ? undefined : env.DEMO_PASSWORD,
    clock: readClock(),
    rateLimits: oneOf("RATE_LIMITS", ["on", "off"], "on") === "on",
    processes: whole("PROCESSES", 1, 1, 64),
    logLevel: oneOf("LOG_LEVEL", LOG_LEVELS, "info"),
    signing: readSigning(),
    scanner: readScanner(),
  };
  if (config.portalInboundToken !== undefined && config.portalInboundToken.length < 16)
    problems.push("PORTAL_INBOUND_TOKEN is shorter than 16 characters");
  if (config.demoPassword !== undefined && config.demoPassword.length < 8)
    problems.push("DEMO_PASSWORD is shorter than 8 characters");
  if (production && !config.rateLimits) problems.push("RATE_LIMITS=off is refused in production");
  if (problems.length > 0) throw new ConfigError(problems);
  return config;

  function readPortal(): PortalConfig {
    const stubPort = whole("PORTAL_STUB_PORT", 4000, 1, 65_535);
    const url = address("PORTAL_URL", ["http:", "https:"]) ?? `http://localhost:${stubPort}`;
    const isStub = ["localhost", "127.0.0.1"].some((host) => url === `http://${host}:${stubPort}`);
    if (isStub && stubPort === port) problems.push(`PORT and PORTAL_STUB_PORT are both ${port}`);
    const need = (name: string, stubs: string): string => {
      const value = text(name);
      if (value === undefined && !isStub) problems.push(`${name} is missing: PORTAL_URL is not our own stub`);
      return value ?? stubs;
    };
    const username = need("PORTAL_USERNAME", "motcua");
    const unit = need("PORTAL_UNIT", "000.00.00.H30");
    const password = isStub ? text("PORTAL_PASSWORD") : need("PORTAL_PASSWORD", "");
    return { url, username, password, unit, stubPort: isStub ? stubPort : undefined };
  }

  function readSigning(): SigningConfig {
    const tsa = address("TSA_URL", ["http:", "https:"]);
    const timestamps =
      tsa === undefined ? undefined : { url: tsa, user: text("TSA_USER"), password: text("TSA_PASSWORD") };
    const url = address("CSC_URL", ["http:", "https:"])?.replace(/\/csc\/v1$/, "");
    if (url === undefined) return { timestamps, cloud: undefined };
    const [clientId, clientSecret] = [text("CSC_CLIENT_ID"), text("CSC_CLIENT_SECRET")];
    if (clientId !== undefined && clientSecret !== undefined)
      return { timestamps, cloud: { url, login: { clientId, clientSecret } } };
    const [user, password] = [text("CSC_USER"), text("CSC_PASSWORD")];
    if (user !== undefined && password !== undefined)
      return { timestamps, cloud: { url, login: { user, password } } };
    problems.push(
      "CSC_URL is set without its log-in: CSC_CLIENT_ID and CSC_CLIENT_SECRET, or CSC_USER and CSC_PASSWORD",
    );
    return { timestamps, cloud: undefined };
  }

  function readScanner(): Config["scanner"] {
    const [host, socket] = [text("CLAMD_HOST"), text("CLAMD_SOCKET")];
    if (host !== undefined && socket !== undefined)
      problems.push("CLAMD_HOST and CLAMD_SOCKET are both set; clamd is spoken to by one of them");
    if (socket !== undefined) return { socket: resolve(socket) };
    const port = whole("CLAMD_PORT", 3310, 1, 65_535);
    if (host === undefined && text("CLAMD_PORT") !== undefined)
      problems.push("CLAMD_PORT is set without CLAMD_HOST");
    return host === undefined ? undefined : { host, port };
  }

  function readClock(): ClockConfig | undefined {
    const start = text("CLOCK_START");
    if (start === undefined) return undefined;
    if (production) problems.push("CLOCK_START is refused in production");
    if (!isMoment(start))
      problems.push(`CLOCK_START is "${start}"; it takes a moment such as 2026-11-23T08:00:00+07:00`);
    return { start, reference: whole("CLOCK_REFERENCE", Date.now(), 0, Number.MAX_SAFE_INTEGER) };
  }
}
