import type { DocumentDeclaration } from "../../workflows/declaration.ts";

/**
 * The catalogue has no MAGIAYTO: a component's code means something in its procedure alone. Papers of different
 * procedures are therefore compared by what they are called, and only where the title names a paper that somebody
 * issued: an application or a report is written anew for each dossier and is nobody's paper to use again.
 */
const ISSUED = [
  "giấy chứng",
  "giấy khai sinh",
  "giấy xác nhận",
  "giấy phép",
  "giấy khám sức khỏe",
  "giấy đăng ký",
  "giấy báo tử",
  "giấy ra viện",
  "giấy tờ",
  "thẻ",
  "căn cước",
  "hộ chiếu",
  "chứng minh",
  "bằng",
  "văn bằng",
  "chứng chỉ",
  "chứng thư",
  "học bạ",
  "quyết định",
  "trích lục",
  "phiếu lý lịch tư pháp",
  "sổ",
  "điều lệ",
  "bản án",
  "xác nhận",
  "văn bản xác nhận",
  "văn bản chấp thuận",
  "kết luận",
  "giấy tờ chứng minh",
  "thông báo xác nhận",
  "trang nhân thân hộ chiếu",
  "mảnh trích đo",
];

/** Words of which a title says nothing of its own: "Giấy chứng nhận đã cấp" may be any certificate. */
const GENERAL = new Set(
  "giấy tờ phép chứng nhận xác văn bản bằng thẻ sổ quyết định chấp thuận chỉ kết luận kèm theo có liên quan khác các đã được cấp của cơ thẩm quyền điều lệ và hoặc".split(
    " ",
  ),
);

const COPY =
  /^(?:\d+ )?(?:bộ )?(?:bản sao|bản chụp|sao y)(?: (?:có chứng thực|chứng thực|hợp lệ|công chứng))*(?: của)? /u;
const ORIGINAL = /^(?:\d+ )?(?:bản chính|bản gốc)(?! hoặc)/u;

/** A title as it is compared: small letters, NFC, without punctuation and without the word "copy" before it. */
export function kindWords(title: string): string {
  const plain = title
    .normalize("NFC")
    .toLocaleLowerCase("vi")
    .replace(/[\s,.;:()“”"'’–-]+/gu, " ")
    .trim();
  return plain.replace(COPY, "").trim();
}

/** Whether a component names a paper that a later dossier can use again; an original that is demanded cannot be. */
export function namesPaper({ title, kind }: Pick<DocumentDeclaration, "title" | "kind">): boolean {
  if (kind !== undefined) return false;
  const words = kindWords(title);
  if (ORIGINAL.test(words) || isGeneral(words)) return false;
  return ISSUED.some((start) => words === start || words.startsWith(`${start} `));
}

/** What papers of other procedures are compared with; null where the title is cut or too general to mean one paper. */
export function kindName(title: string, truncated = false): string | null {
  const words = kindWords(title);
  if (truncated || words.endsWith("…")) return null;
  return isGeneral(words) ? null : words;
}

const isGeneral = (words: string) => words.split(" ").every((word) => GENERAL.has(word));

/** The code under which a scan is kept: its procedure's and the component's. */
export function scanCode(procedureCode: string, component: string): string {
  return `${procedureCode}/${component}`;
}

export interface KeptKind {
  paperCode: string;
  kindName: string | null;
  title: string;
}

/** Whether a kept paper is what a component of this procedure asks for. */
export function isAskedFor(kept: KeptKind, procedureCode: string, paper: DocumentDeclaration): boolean {
  if (paper.kind !== undefined || paper.onlyChannel === "online") return false;
  if (ORIGINAL.test(kindWords(paper.title))) return false;
  const same = [paper.code, paper.sameAs].some(
    (code) => code !== undefined && kept.paperCode === scanCode(procedureCode, code),
  );
  // The same code under another title is another paper: the procedure was changed meanwhile.
  if (same && kindWords(kept.title) === kindWords(paper.title)) return true;
  return kept.kindName !== null && kept.kindName === kindName(paper.title, paper.truncated === true);
}
