import { fileURLToPath } from "node:url";
import { renderApology } from "../server/forms/apology.ts";
import { renderControlSlip } from "../server/forms/control-slip.ts";
import { writeFollowUpBook } from "../server/forms/follow-up-book.ts";
import { renderReceipt } from "../server/forms/receipt.ts";
import { renderRefusal } from "../server/forms/refusal.ts";
import { renderStopNotice } from "../server/forms/stop-notice.ts";
import { renderSupplementRequest } from "../server/forms/supplement-request.ts";
import {
  aBook,
  aControlSlip,
  anApology,
  aReceipt,
  aRefusal,
  aStopNotice,
  aSupplementRequest,
} from "../tools/papers/made-up.ts";

/** What setting the legal forms costs when warm, in milliseconds each unless it says otherwise. */
export interface FormFigures {
  forms: Record<FormName, { median: number; p95: number; kB: number }>;
  /** A follow-up book of so many dossiers, written page by page to nowhere. */
  book: { lines: number; milliseconds: number; linesPerSecond: number; kB: number; firstPageAfter: number };
}

export type FormName = "receipt" | "supplement" | "refusal" | "apology" | "stop" | "control" | "book";

export const FORM_NAMES: Record<FormName, string> = {
  receipt: "receipt and appointment",
  supplement: "request for supplement",
  refusal: "refusal to receive",
  apology: "apology and new date",
  stop: "notice of stopping",
  control: "control slip",
  book: "follow-up book, 20 dossiers",
};

/** The limit for each form, in milliseconds when warm (issue "Papers in, signed papers out"). */
export const FORM_LIMIT_MS = 60;

const FORMS: Record<FormName, () => Promise<Buffer>> = {
  receipt: () => renderReceipt(aReceipt()),
  supplement: () => renderSupplementRequest(aSupplementRequest()),
  refusal: () => renderRefusal(aRefusal()),
  apology: () => renderApology(anApology()),
  stop: () => renderStopNotice(aStopNotice()),
  control: () => renderControlSlip(aControlSlip()),
  book: async () => (await bookOf(20)).pdf,
};

/** Each form so many times after it was warmed up; `lines` is the length of the long book. */
export async function measureForms(times = 40, lines = 5_000): Promise<FormFigures> {
  const forms = {} as FormFigures["forms"];
  for (const [name, render] of Object.entries(FORMS) as [FormName, () => Promise<Buffer>][]) {
    for (let i = 0; i < 10; i++) await render();
    const taken: number[] = [];
    let size = 0;
    for (let i = 0; i < times; i++) {
      const begun = performance.now();
      size = (await render()).length;
      taken.push(performance.now() - begun);
    }
    taken.sort((a, b) => a - b);
    const at = (share: number) =>
      round(taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0);
    forms[name] = { median: at(0.5), p95: at(0.95), kB: round(size / 1024) };
  }
  const begun = performance.now();
  const { pdf, firstAt } = await bookOf(lines);
  const milliseconds = performance.now() - begun;
  return {
    forms,
    book: {
      lines,
      milliseconds: Math.round(milliseconds),
      linesPerSecond: Math.round((lines * 1000) / milliseconds),
      kB: Math.round(pdf.length / 1024),
      firstPageAfter: Math.round(firstAt - begun),
    },
  };
}

async function bookOf(lines: number): Promise<{ pdf: Buffer; firstAt: number }> {
  const parts: Buffer[] = [];
  let firstAt = 0;
  await writeFollowUpBook(aBook(lines), (bytes) => {
    parts.push(bytes);
    // The first piece is the head of the file; the second is a page.
    if (parts.length === 2) firstAt = performance.now();
    return Promise.resolve();
  });
  return { pdf: Buffer.concat(parts), firstAt };
}

const round = (value: number) => Number(value.toFixed(1));

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(await measureForms(), undefined, 2));
