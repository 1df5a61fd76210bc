import type { Deps } from "../dossier/deps.ts";
import { checkFile } from "./check-file.ts";
import { findIssuedByCode, findIssuedByHash, type IssuedResult } from "./issued-result.ts";
import type { FileReport } from "./report.ts";
import type { Trust } from "./trusted-authorities.ts";

/** A check with what the province's own store says of the file. */
export interface Checked {
  report: FileReport;
  /** Undefined where no unit of the province issued exactly this file. */
  issued: IssuedResult | undefined;
}

export interface CheckDesk {
  /** Checks a file that somebody brought. */
  check(bytes: Buffer): Promise<Checked>;
  /** Checks the result that was issued for a dossier, as it lies in the store; undefined where there is none. */
  checkIssued(code: string): Promise<(Checked & { issued: IssuedResult }) | undefined>;
}

/** `trust` answers whom we believe at this moment. */
export function openCheckDesk(deps: Deps, trust: () => Promise<Trust>): CheckDesk {
  const judge = async (bytes: Buffer) => {
    const { trusted, crls } = await trust();
    return checkFile(bytes, { trusted, crls, now: deps.clock.now() });
  };
  return {
    async check(bytes) {
      const report = await judge(bytes);
      return { report, issued: await findIssuedByHash(deps, report.sha256) };
    },
    async checkIssued(code) {
      const issued = await findIssuedByCode(deps, code);
      if (issued === undefined) return undefined;
      return { issued, report: await judge(await deps.files.readBuffer(issued.sha256)) };
    },
  };
}
