import { asciiWords } from "./text.ts";

/** Spellings that the source uses beside the usual one (quirk F1); the source's is kept as `sourceField`. */
const USUAL_SPELLING: Record<string, string> = {
  "Giáo dục nghề nghiệp (G07-LĐ06)": "Giáo dục nghề nghiệp",
  "bảo vệ quyền lợi người tiêu dùng": "Bảo vệ quyền lợi người tiêu dùng",
  "Đầu tư tại Việt nam": "Đầu tư tại Việt Nam",
  "Xuất Bản, In và Phát hành": "Xuất bản, In và Phát hành",
};

const LONGEST_FOLDER = 60;

/** The field as the catalogue calls it. Fields that differ in more than spelling stay apart. */
export function canonicalField(sourceField: string): string {
  return USUAL_SPELLING[sourceField] ?? sourceField;
}

/** The folder of a field: its name without diacritics, words joined by hyphens, at most 60 characters. */
export function fieldFolder(field: string): string {
  let folder = "";
  for (const word of asciiWords(field)) {
    const longer = folder === "" ? word : `${folder}-${word}`;
    if (longer.length > LONGEST_FOLDER) break;
    folder = longer;
  }
  return folder;
}
