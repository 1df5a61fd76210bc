/**
 * How names and queries are compared: lower case, without diacritics (which also folds hoá/hóa), đ as d, and
 * y as i (ký/kí, quý/quí): people type all of these.
 */
export function searchWords(text: string): string[] {
  const ascii = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("đ", "d")
    .replaceAll("y", "i");
  return ascii.match(/[a-z0-9]+/gu) ?? [];
}

/** The words of a procedure's name, without the prefix "Thủ tục" that a fourth of the names have. */
export function nameWords(name: string): string[] {
  const words = searchWords(name);
  const prefix =
    words[0] === "thu" && words[1] === "tuc" ? (words[2] === "hanh" && words[3] === "chinh" ? 4 : 2) : 0;
  return words.slice(prefix);
}

/** Whether two words differ by at most one slip: a letter more, less, another, or two swapped. */
export function isSlipOf(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.min(a.length, b.length) < 3 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB === `${restA.charAt(1)}${restA.charAt(0)}`;
}

/** Whether `phrase` stands in `words`, word after word, each with at most one slip. */
export function hasPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  return words.some((_, at) => phrase.every((word, n) => isSlipOf(words[at + n] ?? "", word)));
}
