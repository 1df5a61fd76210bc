import { plainCode } from "../dossier/request.ts";

/** At the end of what was typed, where words may stand before it ("Mã hồ sơ: …"), but no other figures. */
const PARTS = /^[A-Z]*?([0-9O]{3})([0-9O]{2})([0-9O]{2})([A-Z][0-9O]{2})([0-9O]{6})([0-9O]{4,6})$/;

/**
 * The code that somebody typed, pasted or scanned: as printed, in any spacing, case and punctuation, or the whole
 * address of its tracking page; the letter O for a nought, words before it. What is no code comes back cleaned, and at most 60 characters long.
 */
export function typedCode(text: string): string {
  const typed = /\/tra-cuu\/([^/?#\s]+)/.exec(text)?.[1] ?? text;
  const bare = typed
    .normalize("NFKC")
    .replace(/[^0-9A-Za-z]/g, "")
    .toUpperCase();
  const parts = PARTS.exec(bare);
  if (parts === null) return plainCode(typed).replace(/\p{C}/gu, "").slice(0, 60);
  const [, a = "", b = "", c = "", province = "", day = "", number = ""] = parts.map((part) =>
    part.replaceAll("O", "0"),
  );
  return `${a}.${b}.${c}.${province}-${day}-${number}`;
}
