import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { renderApology } from "../server/forms/apology.ts";
import { renderControlSlip } from "../server/forms/control-slip.ts";
import { writeFollowUpBook } from "../server/forms/follow-up-book.ts";
import { renderReceipt } from "../server/forms/receipt.ts";
import { renderRefusal } from "../server/forms/refusal.ts";
import { renderStopNotice } from "../server/forms/stop-notice.ts";
import { renderSupplementRequest } from "../server/forms/supplement-request.ts";
import { openDemonstrationAuthority } from "../server/signing/demonstration-authority.ts";
import { signPdf } from "../server/signing/pades.ts";
import { renderResult } from "../server/signing/render-result.ts";
import { RESULT_FIELDS } from "../server/signing/signature-fields.ts";
import {
  aBook,
  aControlSlip,
  aDossier,
  anApology,
  aReceipt,
  aRefusal,
  aResult,
  aStopNotice,
  aSupplementRequest,
} from "./papers/made-up.ts";

/**
 * `npm run papers:shoot`: a picture of each legal form and of a signed result into docs/papers, from made-up data.
 * Needs pdftoppm (Debian: poppler-utils).
 */
const OUT = fileURLToPath(new URL("../docs/papers/", import.meta.url));
const DOTS_PER_INCH = 72;
const run = promisify(execFile);

const later = new Date("2025-10-06T09:00:00+07:00");
const PAPERS: Record<string, () => Promise<Buffer>> = {
  "01-giay-tiep-nhan": () => renderReceipt(aReceipt()),
  "02-yeu-cau-bo-sung": () => renderSupplementRequest(aSupplementRequest()),
  "03-tu-choi-tt01-2018": () => renderRefusal(aRefusal()),
  "03-tu-choi-tt03-2025": () => renderRefusal(aRefusal(aDossier(later))),
  "04-xin-loi-tt01-2018": () => renderApology(anApology()),
  "04-xin-loi-gia-han-tt03-2025": () =>
    renderApology(
      anApology({
        ...aDossier(later),
        issuedAt: new Date("2025-10-10T15:00:00+07:00"),
        receivedAt: later,
        dueAt: new Date("2025-10-13T17:00:00+07:00"),
        promisedAt: new Date("2025-10-20T17:00:00+07:00"),
      }),
    ),
  "05-dung-giai-quyet-tt03-2025": () => renderStopNotice(aStopNotice()),
  "05-kiem-soat-tt01-2018": () => renderControlSlip(aControlSlip()),
  "06-so-theo-doi-tt01-2018": () => book(),
  "ket-qua-da-ky": () => signedResult(),
};

await mkdir(OUT, { recursive: true });
const scratch = await mkdtemp(join(tmpdir(), "motcua-papers-"));
try {
  for (const [name, make] of Object.entries(PAPERS)) {
    const pdf = join(scratch, `${name}.pdf`);
    await writeFile(pdf, await make());
    await run("pdftoppm", ["-r", String(DOTS_PER_INCH), "-png", "-singlefile", pdf, join(OUT, name)]);
    console.log(`docs/papers/${name}.png`);
  }
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  console.error("pdftoppm is not installed (Debian: apt-get install poppler-utils)");
  process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function book(): Promise<Buffer> {
  const parts: Buffer[] = [];
  await writeFollowUpBook(aBook(12), (bytes) => Promise.resolve(void parts.push(bytes)));
  return Buffer.concat(parts);
}

/** Signed by a leader and sealed by his agency, with keys of a demonstration authority made for it. */
async function signedResult(): Promise<Buffer> {
  const authority = await openDemonstrationAuthority({ dir: scratch, production: false });
  const agency = { code: "000.00.13.H30", name: "Sở Tư pháp" };
  const leader = await authority.officerKey({
    ...{ id: "stp.leader", name: "Trần Văn Mẫu", title: "Giám đốc" },
    ...{ agencyCode: agency.code, agencyName: agency.name },
  });
  const common = { timestamp: undefined, reason: "Ký kết quả", location: "Hậu Giang", signedAt: new Date() };
  const signed = await signPdf(await renderResult(aResult()), {
    ...common,
    key: leader,
    appearance: { kind: "handwriting", name: "Trần Văn Mẫu" },
    name: "Trần Văn Mẫu",
    fieldName: RESULT_FIELDS.leader,
  });
  return signPdf(signed, {
    ...common,
    key: await authority.agencyKey(agency),
    appearance: {
      kind: "seal",
      agencyName: agency.name,
      parentAgencyName: "Ủy ban nhân dân tỉnh Hậu Giang",
    },
    name: agency.name,
    fieldName: RESULT_FIELDS.agency,
  });
}
