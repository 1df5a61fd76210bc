import type { ResultDeclaration } from "../../workflows/declaration.ts";
import { sentenceCase, shorten } from "./text.ts";
import type { SourceRow } from "./source.ts";

/** "… hoặc công văn nêu rõ lý do": first what is granted, then the paper of a denial (quirk R3). */
const GRANT_OR_DENIAL = /\s*[;,]?\s+hoặc\s+(?=công văn|văn bản)/iu;
/** Results that are no title of a paper but a case or a whole sentence (quirk R2). */
const NO_TITLE =
  /^(trường hợp|kết quả (của )?(thủ tục|giải quyết)|chủ tịch ủy ban nhân dân .* xem xét|không quy định|đều chỉnh)/iu;
const LONGEST_TITLE = 300;
const DENIAL = "Văn bản trả lời không chấp thuận, nêu rõ lý do";

/** MaKetQua, assigned by the province: the source names none. */
export function resultCode(code: string): string {
  return `000.00.00.H30-KQ${code.replace(".", "")}`;
}

/**
 * The result of a procedure: its title, the title of a denial, and whether it is a paper at all. Two rows say
 * "Không" (no paper); where the source is empty or says "không quy định", that is not known (quirk R1).
 */
export function declareResult(row: SourceRow, displayName: string): ResultDeclaration {
  const code = resultCode(row.code);
  const source = row.result;
  if (row.resultPaper === false) {
    return { code, title: "Không có văn bản kết quả", paper: false, denialTitle: DENIAL, source };
  }
  const made = shorten(`Văn bản giải quyết: ${displayName}`, LONGEST_TITLE);
  if (source === null || /^không quy định/iu.test(source)) {
    return { code, title: made, paper: "unknown", denialTitle: DENIAL, source };
  }
  if (NO_TITLE.test(source)) return { code, title: made, paper: true, denialTitle: DENIAL, source };

  const { grant, denial } = grantAndDenial(source);
  const title = /\p{Ll}/u.test(grant) ? firstUpper(grant) : sentenceCase(grant);
  const result: ResultDeclaration = { code, title, paper: true, denialTitle: denial ?? DENIAL };
  if (title !== source) result.source = source;
  return result;
}

/** Only a paper that says no or why is a denial; "hoặc văn bản công nhận" is another name of the grant. */
function grantAndDenial(source: string): { grant: string; denial?: string } {
  const trimmed = (text: string) => text.trim().replace(/[.;,]+$/u, "");
  const [grant = source, denial] = source.split(GRANT_OR_DENIAL, 2);
  if (denial === undefined || !/lý do|không|từ chối/iu.test(denial)) return { grant: trimmed(source) };
  return { grant: trimmed(grant), denial: firstUpper(trimmed(denial)) };
}

function firstUpper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
