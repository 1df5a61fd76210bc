import { dong } from "./moments.ts";

export interface StatedFee {
  name: string;
  /** null is not free: it is as the rules say. */
  amount: number | null;
}

/** A fee below the heading "Phí, lệ phí", which a fee without a name of its own does not say again. */
export function feeInWords({ name, amount }: StatedFee): string {
  const own = /^phí, lệ phí(?= |$)/i.test(name) ? undefined : name;
  if (own !== undefined) return `${own}: ${amount === null ? "theo quy định" : dong(amount)}`;
  return amount === null ? "tùy trường hợp, thu theo quy định" : dong(amount);
}
