import type { PDFDocument } from "@cantoo/pdf-lib";
import { drawHeading, drawTitle } from "../forms/heading.ts";
import { oneStopDecree } from "../forms/legal-bases.ts";
import { bold, type Text } from "../forms/lines.ts";
import { dateInWords } from "../forms/moments.ts";
import { MM, openPaper, type Box, type Paper, type ParagraphOptions } from "../forms/page.ts";
import { GROUNDS, resultTemplate } from "../forms/result-template.ts";
import { drawQr, QR_SIZE } from "../forms/qr.ts";
import { drawRecipientsAndSigner, signingHeight } from "../forms/signatures.ts";
import { HAND_MM } from "./judge-signature-image.ts";
import { addSignatureField, RESULT_FIELDS } from "./signature-fields.ts";

export interface Result {
  agencyName: string;
  /** The agency above, where the paper names it: "Ủy ban nhân dân tỉnh Hậu Giang" above a department. */
  parentAgencyName?: string | undefined;
  /** Number and symbol: "12/QĐ-STP". */
  number: string;
  /** Where it is signed: "Hậu Giang". */
  place: string;
  date: Date;
  procedureName: string;
  procedureCode: string;
  dossierCode: string;
  applicantName: string;
  outcome: "grant" | "deny";
  /** Name of the result paper that the procedure yields: "Giấy phép xây dựng", "Quyết định …". */
  resultTitle: string;
  /** Why, when it is a denial. */
  reason?: string | undefined;
  fields: { label: string; value: string }[];
  /** "Giám đốc"; above it, when one signs for another, "KT. Giám đốc". */
  signerTitle: string;
  signerOnBehalf?: string | undefined;
  signerName: string;
  trackingUrl: string;
  /** Sizes of the hand and the seal that will stand there, in millimetres; usual ones where they are not known yet. */
  looks?: SigningLooks | undefined;
}

export interface SigningLooks {
  hand?: { widthMm: number; heightMm: number } | undefined;
  seal?: { widthMm: number; heightMm: number } | undefined;
}

const USUAL_HAND = { widthMm: HAND_MM.width, heightMm: HAND_MM.height };
/** Seals of departments and communes are 36 mm wide. */
const USUAL_SEAL = { widthMm: 36, heightMm: 36 };

/**
 * Sets a procedure's result as an A4 paper in the layout of Decree 30/2020, with two empty signature fields at the
 * place of signing: the leader's between title and name, the agency's over one third of it on the left.
 * The same result makes the same bytes. Throws NotPrintable.
 */
export async function renderResult(result: Result): Promise<Buffer> {
  const paper = await openPaper({
    title: `${result.resultTitle} – ${result.dossierCode}`,
    date: result.date,
    size: 14,
  });
  drawHeading(paper, {
    parentAgencyName: result.parentAgencyName,
    agencyName: result.agencyName,
    number: `Số: ${result.number}`,
    placeAndDate: `${result.place}, ${dateInWords(result.date)}`,
  });
  const closing = isDecision(result) ? drawDecision(paper, result) : drawCertificate(paper, result);
  paper.paragraph(closing, { ...BODY, keep: signingHeight() + 16 });
  const room = drawFoot(paper, result);
  const page = paper.page;
  return paper.finish((document) => addSigningPlaces(document, page, room, result.looks));
}

/** The two empty signature fields in the room between title and name, the seal over the left third of the hand. */
export function addSigningPlaces(
  document: PDFDocument,
  page: number,
  room: Box,
  { hand = USUAL_HAND, seal: mark = USUAL_SEAL }: SigningLooks = {},
): void {
  const signature = centredIn(room, hand.widthMm * MM, hand.heightMm * MM);
  const across = mark.widthMm * MM;
  const seal = {
    ...centredIn(room, across, mark.heightMm * MM),
    x: signature.x + signature.width / 3 - across,
  };
  const sheet = document.getPage(page);
  addSignatureField(document, sheet, RESULT_FIELDS.leader, { page, ...signature });
  addSignatureField(document, sheet, RESULT_FIELDS.agency, { page, ...seal });
}

export const BODY: ParagraphOptions = { indent: 10 * MM, after: 5, leading: 1.28 };
const LIST: ParagraphOptions = { ...BODY, left: 0 };

function isDecision(result: Pick<Result, "outcome" | "resultTitle">): boolean {
  return result.outcome === "deny" || /^quyết định/iu.test(result.resultTitle.normalize("NFC"));
}

/** A decision: who decides, on what grounds, article by article. Answers the closing article. */
function drawDecision(paper: Paper, result: Result): Text {
  const denied = result.outcome === "deny";
  const rest = result.resultTitle
    .normalize("NFC")
    .replace(/^quyết định\s*/iu, "")
    .replace(/^(về việc|về)\s+/iu, "");
  const subject =
    rest === "" || /^của\s/iu.test(rest) ? `giải quyết thủ tục ${lowerFirst(result.procedureName)}` : rest;
  drawTitle(
    paper,
    "Quyết định",
    denied
      ? `Về việc không chấp thuận giải quyết thủ tục ${lowerFirst(result.procedureName)}`
      : `Về việc ${lowerFirst(subject)}`,
  );
  const decider = `${result.signerTitle.replace(/^phó\s+/iu, "")} ${result.agencyName}`;
  paper.paragraph(decider.toLocaleUpperCase("vi"), { align: "center", style: "bold", before: 8, after: 8 });
  drawGrounds(paper, result);
  paper.paragraph("QUYẾT ĐỊNH:", { align: "center", style: "bold", before: 6, after: 6 });
  if (denied) {
    paper.paragraph(
      [
        bold("Điều 1. "),
        `Không chấp thuận đề nghị của ${result.applicantName} tại hồ sơ mã số ${result.dossierCode}.`,
      ],
      BODY,
    );
    paper.paragraph([bold("Lý do: "), sentence(result.reason ?? "")], BODY);
    drawFields(paper, result);
    paper.paragraph(
      [
        bold("Điều 2. "),
        `${result.applicantName} được nộp lại hồ sơ khi đáp ứng đủ yêu cầu, điều kiện của thủ tục; có quyền khiếu nại hoặc khởi kiện Quyết định này theo quy định của pháp luật.`,
      ],
      BODY,
    );
  } else {
    const contents = result.fields.some((field) => !isGround(field)) ? ", với các nội dung sau đây:" : ".";
    paper.paragraph(
      [
        bold("Điều 1. "),
        `Chấp thuận đề nghị của ${result.applicantName} tại hồ sơ mã số ${result.dossierCode}${contents}`,
      ],
      BODY,
    );
    drawFields(paper, result);
    paper.paragraph(
      [
        bold("Điều 2. "),
        `${result.applicantName} có trách nhiệm thực hiện đúng nội dung tại Điều 1 và các quy định của pháp luật có liên quan.`,
      ],
      BODY,
    );
  }
  return [
    bold("Điều 3. "),
    `Quyết định này có hiệu lực kể từ ngày ký. Các đơn vị, cá nhân có liên quan và ${result.applicantName} chịu trách nhiệm thi hành Quyết định này./.`,
  ];
}

/** A certificate, licence or letter: what is confirmed, to whom. Answers the closing sentence. */
function drawCertificate(paper: Paper, result: Result): string {
  drawTitle(paper, result.resultTitle);
  paper.y -= 8;
  drawGrounds(paper, result);
  paper.paragraph(
    [bold(result.agencyName), ` cấp ${lowerFirst(result.resultTitle)} với các nội dung sau đây:`],
    { ...BODY, before: 4 },
  );
  paper.paragraph(["Người đề nghị: ", bold(result.applicantName), "."], LIST);
  drawFields(paper, result);
  paper.paragraph(`Hồ sơ đã giải quyết: mã số ${result.dossierCode}.`, LIST);
  return "Văn bản này có giá trị kể từ ngày ký. Người được cấp có trách nhiệm thực hiện đúng các nội dung nêu trên và các quy định của pháp luật có liên quan./.";
}

function drawGrounds(paper: Paper, result: Result): void {
  const italic: ParagraphOptions = { ...BODY, style: "italic" };
  for (const ground of groundsOf(result)) paper.paragraph(`Căn cứ ${ground};`, italic);
  paper.paragraph(`Căn cứ ${oneStopDecree(result.date)};`, italic);
  paper.paragraph(
    `Xét hồ sơ của ${result.applicantName} đề nghị giải quyết thủ tục ${lowerFirst(result.procedureName)} (mã thủ tục ${result.procedureCode}) và kết quả thẩm định hồ sơ${isDecision(result) ? "." : ","}`,
    italic,
  );
}

/** The laws of the kind of result, then those that the draft names, a line each. */
function groundsOf({ outcome, resultTitle, fields }: Result): string[] {
  const own = outcome === "grant" ? resultTemplate(resultTitle).grounds : [];
  const drafted = fields
    .filter(isGround)
    .flatMap(({ value }) => value.split(/[\n;]/))
    .map((line) =>
      line
        .trim()
        .replace(/^căn cứ\s+/iu, "")
        .replace(/[.,]+$/, ""),
    );
  return [...new Set([...own, ...drafted.filter((line) => line !== "")])];
}

const isGround = ({ label }: { label: string }) =>
  label.normalize("NFC").trim().toLowerCase() === GROUNDS.toLowerCase();

function drawFields(paper: Paper, result: Result): void {
  for (const { label, value } of result.fields.filter((field) => !isGround(field)))
    paper.paragraph(`${label}: ${sentence(value)}`, LIST);
}

/** Recipients and QR code on the left, the place of signing on the right. Answers the room of the signature. */
export function drawFoot(
  paper: Paper,
  result: Pick<
    Result,
    | "outcome"
    | "resultTitle"
    | "applicantName"
    | "signerOnBehalf"
    | "signerTitle"
    | "signerName"
    | "trackingUrl"
    | "dossierCode"
  >,
): Box {
  paper.y -= 8;
  const to = isDecision(result) ? "Như Điều 3" : result.applicantName;
  const box = drawRecipientsAndSigner(
    paper,
    [`${to};`, "Bộ phận Tiếp nhận và Trả kết quả;", "Lưu: VT, hồ sơ."],
    {
      onBehalf: result.signerOnBehalf,
      title: result.signerTitle,
      name: result.signerName,
    },
  );
  drawQr(paper, result.trackingUrl, paper.left, paper.y - 8);
  paper.y -= QR_SIZE + 12;
  const caption = `Mã hồ sơ: ${result.dossierCode}\nQuét mã để tra cứu hồ sơ`;
  paper.paragraph(caption, { size: 9, style: "italic", align: "left" });
  return box;
}

function centredIn(box: Box, width: number, height: number): Box {
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/** Lowers a first letter inside a sentence, but not that of an abbreviation or of a text in capitals. */
export function lowerFirst(text: string): string {
  const [first = "", second = ""] = text.normalize("NFC");
  const plain = second === second.toLocaleLowerCase("vi");
  if (!plain && text === text.toLocaleUpperCase("vi")) return text.toLocaleLowerCase("vi");
  return plain ? first.toLocaleLowerCase("vi") + text.normalize("NFC").slice(first.length) : text;
}

/** Ends a sentence with a full stop, unless it has an end. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…;:]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}
