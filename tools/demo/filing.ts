import type { Caller } from "./caller.ts";
import type { Filed, Paper, Procedure } from "./dossier-view.ts";
import type { Errand } from "./plan.ts";
import type { PortalStub } from "./portal-stub.ts";
import type { Scans } from "./scans.ts";

export interface FilingDeps {
  caller: Caller;
  portal: PortalStub;
  scans: Scans;
}

/** The papers of a procedure that are asked for in a case and over a channel. */
export function papersFor({ documents }: Procedure, chosen: string | null, channel: string): Paper[] {
  return documents
    .filter(({ kind }) => kind !== "heading")
    .filter((paper) => paper.case === undefined || paper.case === chosen)
    .filter(({ onlyChannel }) => onlyChannel === undefined || onlyChannel === channel);
}

/** Files an errand over its channel; answers the dossier's code and secret. Throws Unexpected. */
export async function fileErrand(
  deps: FilingDeps,
  errand: Errand,
  frontdesk: string,
): Promise<{ code: string; secret: string }> {
  return errand.channel === "online" ? fileOnline(deps, errand) : fileAtDesk(deps, errand, frontdesk);
}

async function fileAtDesk({ caller }: FilingDeps, errand: Errand, username: string): Promise<Filed> {
  return caller.get<Filed>(
    { username },
    {
      method: "POST",
      path: "/dossiers",
      body: { ...application(errand), channel: errand.channel, accept: errand.fate.acceptAtOnce },
      step: errand.fate.acceptAtOnce ? "FILE and ACCEPT" : "FILE",
    },
  );
}

/** As a citizen does on the portal: with a file for up to four papers, the rest comes to the counter. */
async function fileOnline({ portal, scans }: FilingDeps, errand: Errand) {
  const { procedure, chance } = errand;
  const brought = papersFor(procedure, errand.case, "online").filter(({ handling }) => handling === "submit");
  return portal.file({
    ...application(errand),
    TaiLieuNop: brought.slice(0, 4).map(({ code }) => {
      const { fileName, bytes } = scans.paper(chance);
      return { MaThanhPhanHoSo: code, TenTepDinhKem: fileName, Base64: bytes.toString("base64") };
    }),
  });
}

function application({ procedure, agency, applicant, owner, returnMethod, chance, ...errand }: Errand) {
  const papers = papersFor(procedure, errand.case, errand.channel);
  const missing = errand.fate.incomplete ? papers.find(({ required }) => required) : undefined;
  return {
    procedureCode: procedure.code,
    case: errand.case,
    agencyCode: agency,
    applicant,
    ...(owner === undefined ? {} : { owner, authorisation: `Giấy ủy quyền thử số ${errand.number}/UQ` }),
    documents: papers
      .filter((paper) => paper !== missing && (paper.required || chance.percent(50)))
      .map(({ code, originals, copies }) => ({ code, originals: Math.max(1, originals), copies })),
    returnMethod,
    note: chance.percent(20) ? "Hồ sơ của ngày làm việc diễn tập." : "",
  };
}
