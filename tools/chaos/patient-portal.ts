import { setTimeout as pause } from "node:timers/promises";
import { Unexpected } from "../demo/caller.ts";
import type { PortalStub, PortalSummary, Received } from "../demo/portal-stub.ts";
import type { Answers } from "./answers.ts";
import type { Gate } from "./gate.ts";

/** How long the stub is asked again, in milliseconds, while it does not answer: longer than its longest silence. */
const PATIENCE = 900_000;

/**
 * The portal's stub as a careful citizen uses it: a filing without an answer is sent again under the same number.
 * Every dossier that was taken is written down.
 */
export function openPatientPortal(url: string, answers: Answers, gate: Gate, first: number): PortalStub {
  let filed = first;

  async function insist(
    method: string,
    path: string,
    body: unknown,
    isAnswer: (status: number, body: Record<string, unknown>) => boolean,
  ): Promise<{ status: number; body: unknown }> {
    const begun = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await fetch(url + path, {
          method,
          ...(body === undefined
            ? {}
            : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(60_000),
        });
        const read = (await answer.json()) as Record<string, unknown>;
        if (isAnswer(answer.status, read) || performance.now() - begun > PATIENCE)
          return { status: answer.status, body: read };
      } catch (cause) {
        if (performance.now() - begun > PATIENCE) throw cause;
      }
      await pause(Math.min(1_000, 100 * attempt));
    }
  }
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { status, body: read } = await insist(method, path, body, (code) => code < 500);
    if (status >= 400)
      throw new Unexpected({
        who: "the portal",
        what: `${method} ${path}`,
        status,
        said: JSON.stringify(read),
      });
    return read as T;
  };

  return {
    summary: () => ask<PortalSummary>("GET", "/_summary"),
    faults: () => ask("GET", "/_faults"),
    async setFaults(faults) {
      await ask("PUT", "/_faults", faults);
    },
    file: (application) =>
      gate.through(async () => {
        const MaHoSo = `G22.99-THU-${String((filed += 1)).padStart(6, "0")}`;
        // The province answers -1 to what it refuses; without an answer of the province the stub says 502.
        const { status, body } = await insist(
          "POST",
          "/_file",
          { ...application, MaHoSo },
          (answered) => answered < 500,
        ).catch((cause: unknown) => {
          answers.leaveOpen(`/_file ${MaHoSo}`);
          throw cause;
        });
        const { error_code, code, secret, message } = body as Record<string, unknown>;
        if (typeof code !== "string" || typeof secret !== "string" || ![0, 1].includes(Number(error_code)))
          throw new Unexpected({ who: "the portal", what: "POST /_file", status, said: String(message) });
        answers.add({ key: MaHoSo, who: "portal", code, type: "FILE", version: 1 });
        return { code, secret };
      }),
    async received(code) {
      const { status, body } = await insist(
        "GET",
        `/_received/${code}`,
        undefined,
        (answered) => answered < 500,
      );
      return status === 404 ? undefined : (body as Received);
    },
  };
}
