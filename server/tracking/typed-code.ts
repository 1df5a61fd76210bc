import { plainCode } from "../dossier/request.ts";

const PARTS = /^(\d{3})(\d{2})(\d{2})([A-Z]\d{2})(\d{6})(\d{4})$/;

/**
 * The code that somebody typed, pasted or scanned: as printed, in any spacing, case and punctuation, or the whole
 * address of its tracking page. What is no code comes back cleaned, and at most 60 characters long.
 */
export function typedCode(text: string): string {
  const typed = /\/tra-cuu\/([^/?#\s]+)/.exec(text)?.[1] ?? text;
  const bare = typed
    .normalize("NFKC")
    .replace(/[^0-9A-Za-z]/g, "")
    .toUpperCase();
  const parts = PARTS.exec(bare);
  if (parts === null) return plainCode(typed).replace(/\p{C}/gu, "").slice(0, 60);
  const [, a = "", b = "", c = "", province = "", day = "", number = ""] = parts;
  return `${a}.${b}.${c}.${province}-${day}-${number}`;
}
