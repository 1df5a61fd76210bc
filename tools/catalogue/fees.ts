import type { FeeDeclaration } from "../../workflows/declaration.ts";
import type { SourceRow } from "./source.ts";

/** Every procedure has it: what the officer charges with a ground of his own. */
const OTHER: FeeDeclaration = {
  code: "other",
  name: "Khoản thu khác theo quy định",
  kind: "other",
  amount: null,
  dueAt: "processing",
};

/**
 * The fees of a procedure. Only a fixed fee has an amount and is charged as it stands, at intake. Amounts of
 * a fee that varies are examples: one of several, or a price a page (quirks E1, E2). "None stated" means that
 * the national portal says 0, which it says both for free and for not entered: it is never "miễn phí" (E3).
 */
export function declareFees(row: SourceRow): FeeDeclaration[] {
  return [statedFee(row), OTHER];
}

function statedFee({ fee }: SourceRow): FeeDeclaration {
  const amounts = fee.amounts ?? [];
  switch (fee.kind) {
    case "fixed":
      return {
        code: "01",
        name: "Phí, lệ phí giải quyết thủ tục",
        kind: "fixed",
        amount: amounts[0] ?? null,
        dueAt: "intake",
      };
    case "varies":
      return {
        code: "01",
        name: "Phí, lệ phí tùy trường hợp",
        kind: "varies",
        amount: null,
        ...(amounts.length > 0 ? { examples: amounts } : {}),
        dueAt: "processing",
      };
    case "none-stated":
      return {
        code: "01",
        name: "Phí, lệ phí (Cổng Dịch vụ công quốc gia không nêu)",
        kind: "none-stated",
        amount: null,
        dueAt: "processing",
      };
    case "unknown":
      return {
        code: "01",
        name: "Phí, lệ phí (chưa rõ)",
        kind: "unknown",
        amount: null,
        dueAt: "processing",
      };
  }
}

/** Varying fees of which an amount looks cut in the source, e.g. 1,250 for 1,250,000 (quirk E2). */
export function feeNeedsReview(row: SourceRow): boolean {
  return (
    row.fee.kind === "varies" &&
    (row.fee.amounts ?? []).some((amount) => amount < 5000 || amount % 1000 !== 0)
  );
}
