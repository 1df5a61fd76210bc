import type { DossierRecord, People } from "./record.ts";

/**
 * What names, phone numbers and codes, ours and the portal's, are found by: without diacritics, in small letters, one
 * blank between words, phone numbers as their figures alone.
 */
export function searchText(
  { code, portalCode }: Pick<DossierRecord, "code" | "portalCode">,
  people: People,
): string {
  const { applicant, owner } = people;
  const parts = [
    code,
    portalCode,
    applicant.name,
    plainPhone(applicant.phone),
    applicant.identity.number,
    owner?.name,
    owner && plainPhone(owner.phone),
  ];
  return fold(parts.filter((part) => part != null).join(" "))
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * Patterns for `like`, all of which a search text must fit, at most eight: words of names in any order, without
 * diacritics; a number without its blanks, of a phone number the figures alone.
 */
export function searchPatterns(q: string): string[] {
  return (isFigures(q) ? [isPhone(q) ? plainPhone(q) : q.replace(/\s/g, "")] : q.split(/\s+/))
    .map(fold)
    .filter((word) => word !== "")
    .slice(0, 8)
    .map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
}

const isFigures = (q: string) => /^[\d\s.+-]+$/.test(q);
/** Not a part of a dossier's code, "261201-0002". */
const isPhone = (q: string) => /^\s*(0|84|\+)/.test(q) && q.replace(/\D/g, "").length >= 8;

/** Small letters without diacritics; đ is d. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D").toLowerCase();
}

/** The figures of a phone number as it is dialled in the country: "+84 909 123 456" is "0909123456". */
function plainPhone(phone: string): string {
  const figures = phone.replace(/\D/g, "");
  return /^84\d{9}$/.test(figures) ? `0${figures.slice(2)}` : figures;
}
