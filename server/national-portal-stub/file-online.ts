import type { Pool } from "pg";
import { withTransaction } from "./database.ts";
import type { PortalRecord } from "./judge-fields.ts";

export interface FilingDeps {
  db: Pool;
  clock: () => Date;
  programUrl: string;
  inboundToken: string;
}

/**
 * POST /_file: files a dossier with the province as a citizen would on the portal, and passes on its answer
 * with the MaHoSo beside it. The number counts as issued before the province is told, for its first message
 * about the dossier may arrive before its answer does.
 */
export async function fileOnline(
  deps: FilingDeps,
  body: PortalRecord,
): Promise<{ status: number; answer: PortalRecord }> {
  const code = await issueNumber(deps, body.MaHoSo);
  const filing = { ...body, MaHoSo: code };
  let status: number;
  let answer: PortalRecord;
  try {
    const reply = await fetch(new URL("/api/v1/inbound/dossiers", deps.programUrl), {
      method: "POST",
      headers: { authorization: `Bearer ${deps.inboundToken}`, "content-type": "application/json" },
      body: JSON.stringify(filing),
      signal: AbortSignal.timeout(60_000),
    });
    status = reply.status;
    answer = (await reply.json()) as PortalRecord;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return {
      status: 502,
      answer: { error_code: -1, message: `Không gọi được tỉnh: ${cause}`, MaHoSo: code },
    };
  }
  const accepted = Number(answer.error_code) === 0 || Number(answer.error_code) === 1;
  if (accepted && typeof answer.code === "string") {
    await deps.db.query(`update filings set local_code = $2 where code = $1`, [code, answer.code]);
  }
  return { status, answer: { ...answer, MaHoSo: code } };
}

/** The number asked for, or the next of the portal's own: `G22.99-<yymmdd>-<6 digits>`. */
async function issueNumber(deps: FilingDeps, wanted: unknown): Promise<string> {
  const now = deps.clock();
  return withTransaction(deps.db, async (trx) => {
    const code = typeof wanted === "string" && wanted !== "" ? wanted : await nextNumber();
    await trx.query(`insert into filings (code, filed_at) values ($1, $2) on conflict (code) do nothing`, [
      code,
      now,
    ]);
    return code;

    async function nextNumber(): Promise<string> {
      const day = new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll("-", "");
      const { rows } = await trx.query<{ last: number }>(
        `insert into filing_numbers as n (day, last) values ($1, 1)
         on conflict (day) do update set last = n.last + 1 returning last`,
        [day],
      );
      return `G22.99-${day}-${String(rows[0]?.last).padStart(6, "0")}`;
    }
  });
}
