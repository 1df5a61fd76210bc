/** The files that processes of the program are run from, beside `main.js` that starts the first. */
export const SUPERVISOR = "server/supervise.ts";
export const STUB = "server/national-portal-stub/main.ts";
export const WEB = "server/web-process.ts";
export const WORKER = "server/worker.ts";
export const PROCESSES = [SUPERVISOR, STUB, WEB, WORKER];

/** Loaded first by each process that the supervisor starts. */
export const PRELOAD = "server/platform/end-with-parent.ts";
