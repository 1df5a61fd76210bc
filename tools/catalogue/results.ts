import type { ResultDeclaration } from "../../workflows/declaration.ts";
import type { SourceRow } from "./source.ts";

/** "… hoặc công văn nêu rõ lý do": first what is granted, then the paper of a denial (quirk R3). */
const GRANT_OR_DENIAL = /\s*[;,]?\s+hoặc\s+(?=công văn|văn bản)/iu;
/** Results that are no title of a paper but a case or a whole sentence (quirk R2). */
const NO_TITLE =
  /^(trường hợp|kết quả (của )?(thủ tục|giải quyết)|chủ tịch ủy ban nhân dân .* xem xét|không quy định|đều chỉnh)/iu;
const SHOUTING = /\p{Ll}/u;
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
  const made = `Văn bản giải quyết: ${displayName}`.slice(0, LONGEST_TITLE);
  if (source === null || /^không quy định/iu.test(source)) {
    return { code, title: made, paper: "unknown", denialTitle: DENIAL, source };
  }
  if (NO_TITLE.test(source)) return { code, title: made, paper: true, denialTitle: DENIAL, source };

  const [grant = source, denial] = source.split(GRANT_OR_DENIAL, 2);
  const title = sentenceCase(grant.trim().replace(/[.;,]+$/u, ""));
  const result: ResultDeclaration = { code, title, paper: true };
  result.denialTitle = denial === undefined ? DENIAL : firstUpper(denial.trim().replace(/[.;,]+$/u, ""));
  if (title !== source) result.source = source;
  return result;
}

function firstUpper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A title in capitals alone becomes a sentence; abbreviations stay (quirk N3). */
function sentenceCase(title: string): string {
  if (SHOUTING.test(title)) return firstUpper(title);
  const lower = firstUpper(title.toLowerCase());
  return lower.replace(/(?<!\p{L})(ubnd|hđnd|c\/o|lpg|cng|lng|attp|việt nam)(?!\p{L})/giu, (word) =>
    word === "việt nam" ? "Việt Nam" : word.toUpperCase(),
  );
}
