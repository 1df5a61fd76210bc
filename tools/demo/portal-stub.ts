import { Unexpected } from "./caller.ts";
import type { Measures } from "./measures.ts";

/** How the stub misbehaves (contract.md, PUT /_faults). */
export interface PortalFaults {
  down: boolean;
  latencyMs: number;
  errorRate: number;
  dropAckRate: number;
  expireSessions: boolean;
}

export interface PortalSummary {
  messages: number;
  duplicatesIgnored: number;
  outOfOrder: number;
}

export interface Received {
  dossier: { TrangThaiHoSo: string; NgayHenTra: string };
  progress: { TrangThai: string; ThoiDiemXuLy: string }[];
}

/** The national portal's stub, from its outer side: what it holds, how it misbehaves, and filing with it. */
export interface PortalStub {
  summary(): Promise<PortalSummary>;
  faults(): Promise<Record<string, unknown>>;
  setFaults(faults: Partial<PortalFaults>): Promise<void>;
  /** Files as a citizen on the portal. Throws Unexpected when the province refuses. */
  file(application: Record<string, unknown>): Promise<{ code: string; secret: string }>;
  /** Undefined when it holds nothing of this dossier. */
  received(code: string): Promise<Received | undefined>;
}

export function openPortalStub(url: string, measures: Measures): PortalStub {
  async function ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(url + path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(70_000),
    });
    return { status: answer.status, body: await answer.json() };
  }
  async function get<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await ask(method, path, body);
    if (answer.status >= 400) throw blame(`${method} ${path}`, answer);
    return answer.body as T;
  }
  return {
    summary: () => get("GET", "/_summary"),
    faults: () => get("GET", "/_faults"),
    async setFaults(faults) {
      await get("PUT", "/_faults", faults);
    },
    async file(application) {
      const begun = performance.now();
      const answer = await ask("POST", "/_file", application);
      measures.add("FILE online", performance.now() - begun);
      const { error_code, code, secret } = answer.body as Record<string, unknown>;
      if (Number(error_code) !== 0 || typeof code !== "string" || typeof secret !== "string")
        throw blame(`POST /_file ${String(application.procedureCode)}`, answer);
      return { code, secret };
    },
    async received(code) {
      const answer = await ask("GET", `/_received/${code}`);
      if (answer.status === 404) return undefined;
      if (answer.status >= 400) throw blame(`GET /_received/${code}`, answer);
      return answer.body as Received;
    },
  };
}

function blame(what: string, { status, body }: { status: number; body: unknown }): Unexpected {
  const message = (body as { message?: unknown } | null)?.message;
  const said = typeof message === "string" ? message : "";
  return new Unexpected({ who: "the portal", what, status, said });
}
