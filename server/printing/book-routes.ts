import { once } from "node:events";
import { Router } from "express";
import type { Response } from "express";
import type { Caller, Deps } from "../dossier/deps.ts";
import { staff } from "../dossier/request.ts";
import { dayOf } from "../forms/moments.ts";
import { NotAllowed } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { periodOf, readBook } from "./read-book.ts";
import type { Period } from "./read-book.ts";

/** `GET /forms/follow-up-book.pdf?from&to`: the follow-up book of the caller's front desk. */
export function bookRoutes(deps: Deps): Router {
  const router = Router();
  router.get("/forms/follow-up-book.pdf", async (req, res) => {
    const unit = bookUnit(staff(req));
    const period = periodOf(queryText(req, "from"), queryText(req, "to"), dayOf(deps.clock.now()));
    await sendBook(deps, unit, period, res);
  });
  return router;
}

/** The unit whose book this account may see. Throws NotAllowed for everybody but front desks. */
export function bookUnit({ roles, agency }: Caller): string {
  if (!roles.includes("frontdesk") || agency === null)
    throw new NotAllowed("front-desk-only", "Sổ theo dõi hồ sơ là của bộ phận Một cửa.");
  return agency;
}

/** Sends the book while it is set, page by page: what reads slowly is waited for. */
export async function sendBook(deps: Deps, unit: string, period: Period, res: Response): Promise<void> {
  const book = await readBook(deps, unit, period);
  // Fonts and the PDF library are loaded when the first paper is printed, not at start.
  const { writeFollowUpBook } = await import("../forms/follow-up-book.ts");
  res.set({
    "Content-Type": "application/pdf",
    "Content-Disposition": `inline; filename="so-theo-doi-${unit}-${period.from}-${period.to}.pdf"`,
    "Cache-Control": "private, no-store",
  });
  try {
    await writeFollowUpBook(book, async (bytes) => {
      if (res.destroyed) throw new ReaderGone();
      if (!res.write(bytes)) await Promise.race([once(res, "drain"), once(res, "close")]);
      // Others are served between two pages.
      await new Promise((resolve) => setImmediate(resolve));
    });
  } catch (error) {
    if (error instanceof ReaderGone) return;
    // What cannot be printed is found before the first byte; after it only a cut line tells that the book is not whole.
    if (!res.headersSent) {
      for (const name of ["Content-Type", "Content-Disposition"]) res.removeHeader(name);
      throw error;
    }
    deps.log.error({ err: error }, "a follow-up book broke off");
    res.destroy();
    return;
  }
  res.end();
}

class ReaderGone extends Error {}
