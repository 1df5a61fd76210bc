import type { FileStore } from "../../server/platform/files.ts";
import type { Drawer } from "./world.ts";

/** What the files table has to know of each of them. */
export interface StoredFileRow {
  sha256: string;
  size: number;
  pages: number;
  mediaType: string;
}

const PDF = "application/pdf";

/** Puts a handful of small, real papers into the file store, once: every made-up dossier shares them. */
export async function fillDrawer(files: FileStore): Promise<{ drawer: Drawer; stored: StoredFileRow[] }> {
  const put = async (title: string, pages: number) => {
    const { sha256, size } = await files.put(plainPdf(title, pages));
    return { sha256, size, pages, mediaType: PDF };
  };
  const papers = [];
  for (const [at, pages] of [1, 1, 2, 1, 3, 1].entries())
    papers.push({ fileName: `ban-quet-${at + 1}.pdf`, ...(await put(`Ban quet mau so ${at + 1}`, pages)) });
  const signed = await put("Ket qua mau, da ky", 1);
  const sealed = await put("Ket qua mau, da dong dau", 1);
  return {
    drawer: { scans: papers, signed: { sha256: signed.sha256 }, sealed },
    stored: [
      ...papers.map(({ sha256, size, pages, mediaType }) => ({ sha256, size, pages, mediaType })),
      sealed,
    ],
  };
}

/** The plainest PDF that readers take: one line a page, and the same bytes each time, so that it is one file for good. */
function plainPdf(title: string, pages: number): Buffer {
  const numbers = Array.from({ length: pages }, (_, at) => at);
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages} /Kids [${numbers.map((at) => `${4 + 2 * at} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...numbers.flatMap((at) => {
      const text = `BT /F1 14 Tf 72 760 Td (${title}, trang ${at + 1}) Tj ET`;
      const resources = "<< /Font << /F1 3 0 R >> >>";
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources ${resources} /Contents ${5 + 2 * at} 0 R >>`,
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ];
    }),
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, at) => {
    const offset = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R >>\n`;
  return Buffer.from(`${body}${table}startxref\n${body.length}\n%%EOF\n`, "latin1");
}
