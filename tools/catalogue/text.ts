/** Lower case without diacritics, đ as d. */
export function ascii(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
}

/** The words of a text, without diacritics and punctuation. */
export function asciiWords(text: string): string[] {
  return ascii(text).match(/[a-z0-9]+/g) ?? [];
}

/** Tone marks as the older school puts them (hoá, uỷ, khoẻ) and as the newer one does (hóa, ủy, khỏe). */
const OLD_AND_NEW: [RegExp, string][] = [
  ["oà oá oả oã oạ", "òa óa ỏa õa ọa"],
  ["oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"],
  ["uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"],
].flatMap(([old, young]) => {
  const newer = (young ?? "").split(" ");
  return (old ?? "")
    .split(" ")
    .map((pair, n): [RegExp, string] => [new RegExp(`(?<!q)${pair}(?!\\p{L})`, "gu"), newer[n] ?? pair]);
});

/**
 * A name as the process rules read it: lower case, tone marks in the newer way, without the prefix
 * "Thủ tục" (432 names have it, 1,419 have not).
 */
export function readable(name: string): string {
  let text = name.normalize("NFC").toLowerCase().trim();
  for (const [old, newer] of OLD_AND_NEW) text = text.replace(old, newer);
  return text.replace(/^(thủ tục hành chính|thủ tục)\s+/u, "");
}

/** At most `longest` characters, cut at a word boundary and ended with "…" when cut. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 1);
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > longest / 2 ? space : longest - 1).replace(/[\s,;:–(-]+$/u, "")}…`;
}

/** What stays in capitals, or with one, when a text in capitals becomes a sentence (quirk N3). */
const KEPT =
  /(?<!\p{L})(ubnd|hđnd|cccd|c\/o|lpg|cng|lng|attp|ppp|gcn|hiv|việt nam|hội đồng nhân dân|ủy ban nhân dân|bộ công thương)(?!\p{L})/giu;

/** A text in capitals as a sentence. */
export function sentenceCase(text: string): string {
  const lower = text.toLowerCase().replace(KEPT, (word) => {
    if (word === "việt nam") return "Việt Nam";
    return word.includes(" ") ? word.charAt(0).toUpperCase() + word.slice(1) : word.toUpperCase();
  });
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}
