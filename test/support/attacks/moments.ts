/** When test papers are signed and checked: around the machine's own time, by which openssl stamps and revokes. */
export const SIGNED_AT = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000);
export const CHECKED_AT = new Date(SIGNED_AT.getTime() + 86_400_000);

/** A moment as a PDF writes it (ISO 32000-1, 7.9.4), in Vietnam's time. */
export function pdfMoment(moment: Date): string {
  const local = new Date(moment.getTime() + 7 * 3_600_000).toISOString();
  return `D:${local.replace(/[-:T]/g, "").slice(0, 14)}+07'00'`;
}
