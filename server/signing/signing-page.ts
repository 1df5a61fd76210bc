import { PDFDocument, PDFName } from "@cantoo/pdf-lib";
import { drawHeading, drawTitle } from "../forms/heading.ts";
import { dateInWords } from "../forms/moments.ts";
import { openPaper, type Box } from "../forms/page.ts";
import { signingHeight } from "../forms/signatures.ts";
import { Invalid, Refused } from "../platform/errors.ts";
import { addSigningPlaces, BODY, drawFoot, lowerFirst, type Result } from "./render-result.ts";
import { signatureFields } from "./signature-fields.ts";

/**
 * An uploaded paper made ready for signature: behind its pages, which stay as they are, a page with number, date, what
 * it belongs to and the place of signing, with the two empty signature fields. Throws Refused `draft-signed` when it
 * carries a signature already, Invalid `pdf-not-signable` when it cannot be taken apart.
 */
export async function withSigningPage(
  upload: Buffer,
  result: Omit<Result, "fields" | "reason">,
): Promise<Buffer> {
  const document = await assertUnsigned(upload);
  const pages = document.getPageCount();
  const { paper, page, room } = await signingPage(result, pages);
  const own = await PDFDocument.load(paper, { updateMetadata: false });
  for (const copied of await document.copyPages(own, own.getPageIndices())) document.addPage(copied);
  addSigningPlaces(document, pages + page, room, result.looks);
  return Buffer.from(await document.save({ useObjectStreams: false, addDefaultPage: false }));
}

/** The uploaded paper, opened. Throws as `withSigningPage` says. */
export async function assertUnsigned(upload: Buffer): Promise<PDFDocument> {
  const document = await PDFDocument.load(upload, { updateMetadata: false }).catch((cause: unknown) => {
    const message = "Tệp PDF này không ký số được vì cấu trúc không chuẩn. Hãy xuất lại thành tệp PDF mới.";
    throw new Invalid([{ path: "documentId", message }], message, "pdf-not-signable", { cause });
  });
  const permissions = document.catalog.has(PDFName.of("Perms"));
  if (permissions || signatureFields(document).some(({ signed }) => signed))
    throw new Refused(
      "draft-signed",
      "Tệp dự thảo đã có chữ ký số. Hãy tải lên bản chưa ký: hệ thống đặt số và chữ ký lên bản đó.",
    );
  return document;
}

/** The page itself (two, where names are very long), and where on it one signs. */
async function signingPage(
  result: Omit<Result, "fields" | "reason">,
  pages: number,
): Promise<{ paper: Buffer; page: number; room: Box }> {
  const title = result.resultTitle;
  const paper = await openPaper({ title: `${title} – ${result.dossierCode}`, date: result.date, size: 14 });
  drawHeading(paper, {
    parentAgencyName: result.parentAgencyName,
    agencyName: result.agencyName,
    number: `Số: ${result.number}`,
    placeAndDate: `${result.place}, ${dateInWords(result.date)}`,
  });
  drawTitle(paper, title, "Trang ký, phát hành");
  paper.paragraph(
    `Trang này đi liền với ${pages} trang trước, là kết quả giải quyết thủ tục ${lowerFirst(result.procedureName)} (mã thủ tục ${result.procedureCode}), hồ sơ mã số ${result.dossierCode} của ${result.applicantName}.`,
    { ...BODY, before: 10 },
  );
  paper.paragraph(
    "Số, ngày và chữ ký trên trang này là của toàn bộ văn bản. Chữ ký số bao gồm mọi trang: trang nào bị thay đổi sau khi ký, chữ ký không còn giá trị./.",
    { ...BODY, keep: signingHeight() + 16 },
  );
  const room = drawFoot(paper, result);
  return { page: paper.page, paper: await paper.finish(), room };
}
