import { drawHeading, drawTitle } from "./heading.ts";
import { legalForm, type FormKind, type LegalForm } from "./legal-forms.ts";
import type { Text } from "./lines.ts";
import { dateInWords } from "./moments.ts";
import { MARGIN, MM, num, openPaper, PAGE, type Paper, type ParagraphOptions } from "./page.ts";
import { drawQr, QR_SIZE } from "./qr.ts";

/** What every form says of its dossier. */
export interface DossierOnPaper {
  /** The unit that hands the form out: "Trung tâm Phục vụ hành chính công tỉnh Hậu Giang". */
  unitName: string;
  parentUnitName?: string | undefined;
  /** Where the unit is: "Hậu Giang". */
  place: string;
  /** The day of filing: its law says which form it is. */
  filedAt: Date;
  /** When this paper is made out. */
  issuedAt: Date;
  code: string;
  applicantName: string;
  address: string;
  phone: string;
  email?: string | undefined;
  procedureName: string;
  /** `{PUBLIC_URL}/tra-cuu/{code}`; the QR code carries this and nothing else, never the secret. */
  trackingUrl: string;
}

/** Lines of a form, a little tighter than a decision's. */
export const LINE: ParagraphOptions = { size: 13, after: 2, leading: 1.2 };

/**
 * Opens a form: number and circular, heading, title. `symbol` follows the dossier's number of the day: "0007/TNHS".
 * Throws FormNotInForce when the day of filing had no such form.
 */
export async function openForm(
  kind: FormKind,
  dossier: DossierOnPaper,
  symbol?: string,
): Promise<{ paper: Paper; form: LegalForm }> {
  const form = legalForm(kind, dossier.filedAt);
  const paper = await openPaper({ title: `${form.title} – ${dossier.code}`, date: dossier.issuedAt });
  paper.y = PAGE.height - MARGIN.top + 6;
  paper.paragraph(
    [
      { text: `Mẫu số ${form.number}`, style: "bold" },
      { text: ` (ban hành kèm theo ${form.circular})`, style: "italic" },
    ],
    { size: 10, align: "right", after: 6 },
  );
  drawHeading(paper, {
    parentAgencyName: dossier.parentUnitName,
    agencyName: dossier.unitName,
    number: symbol === undefined ? undefined : `Số: ${dayNumber(dossier.code)}/${symbol}`,
    placeAndDate: `${dossier.place}, ${dateInWords(dossier.issuedAt)}`,
  });
  drawTitle(paper, form.title);
  return { paper, form };
}

/** A form that an agency signs stands under the agency's own name and not under the counter's. */
export function signedBy<
  T extends DossierOnPaper & { agencyName: string; agencyParentName?: string | undefined },
>(form: T): T {
  return { ...form, unitName: form.agencyName, parentUnitName: form.agencyParentName };
}

/** "000.00.13.H30-220916-0007" → "0007". */
export function dayNumber(code: string): string {
  return code.split("-").at(-1) ?? code;
}

/** One line "Label: value". */
export function drawField(paper: Paper, label: string, value: string, options: ParagraphOptions = {}): void {
  paper.paragraph([`${label}: `, { text: value, style: options.style ?? "regular" }], {
    ...LINE,
    ...options,
    style: "regular",
  });
}

/** Who the dossier is of and what it asks for. */
export function drawApplicant(paper: Paper, dossier: DossierOnPaper, label = "Hồ sơ của"): void {
  drawField(paper, label, dossier.applicantName, { style: "bold" });
  drawField(paper, "Địa chỉ", dossier.address);
  const email = dossier.email ? `${"\u00a0".repeat(6)}Email: ${dossier.email}` : "";
  drawField(paper, "Số điện thoại", dossier.phone + email);
  drawField(paper, "Nội dung yêu cầu giải quyết", dossier.procedureName);
}

/** Code and QR code in a frame over the whole width; `secret` is printed beside the code where the form hands it out. */
export function drawCodeBox(paper: Paper, dossier: DossierOnPaper, secret?: string): void {
  const padding = 3.5 * MM;
  const height = QR_SIZE + 2 * padding;
  paper.y -= 8;
  paper.ensure(height);
  const top = paper.y;
  paper.draw(`0.7 w ${num(paper.left)} ${num(top - height)} ${num(paper.width)} ${num(height)} re S`);
  drawQr(paper, dossier.trackingUrl, paper.left + paper.width - QR_SIZE - padding, top - padding);

  const lines: { text: Text; options: ParagraphOptions }[] = [
    { text: ["Mã hồ sơ: ", { text: dossier.code, style: "bold", size: 15 }], options: { after: 3 } },
    { text: `Quét mã QR hoặc tra cứu tại: ${dossier.trackingUrl}`, options: { size: 10.5, leading: 1.2 } },
  ];
  if (secret !== undefined)
    lines.splice(1, 0, {
      text: ["Mã tra cứu: ", { text: secret, style: "bold", size: 15 }],
      options: { after: 3 },
    });
  const column = { left: padding, right: QR_SIZE + 3 * padding, align: "left" as const };
  const used = lines.reduce(
    (sum, { text, options }) => sum + paper.heightOf(text, { ...options, ...column }),
    0,
  );
  paper.y = top - Math.max(padding, (height - used) / 2);
  for (const { text, options } of lines) paper.paragraph(text, { ...options, ...column });
  paper.y = top - height - 8;
}
