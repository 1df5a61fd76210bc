import { Router } from "express";
import type { RequestHandler } from "express";
import type { Log } from "../platform/log.ts";
import { TooLarge } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { pageProblems } from "../web/error-pages.tsx";
import { sendPage } from "../web/layout.tsx";
import { CheckPage } from "./check-page.tsx";
import type { CheckDesk } from "./check-desk.ts";
import type { ReadUpload } from "./read-upload.ts";
import { CheckedPage } from "./result-page.tsx";

export interface PagesOptions {
  desk: CheckDesk;
  read: ReadUpload;
  throttle: RequestHandler;
  /** Makes a dossier's code of what was typed, or of the address in a QR code. */
  codeOf: (typed: string) => string;
  owner: string;
  log: Log;
}

/**
 * `/kiem-tra` for people, without a login and without scripts: a file is checked and forgotten; the code on a result, or
 * the address in its QR code, shows who signed it and when.
 */
export function signatureCheckPages({ desk, read, throttle, codeOf, owner, log }: PagesOptions): Router {
  const router = Router();
  router.get(
    "/kiem-tra",
    (req, res, next) => (req.query.so === undefined ? next() : throttle(req, res, next)),
    async (req, res) => {
      const typed = queryText(req, "so")?.slice(0, 300);
      if (typed === undefined) {
        const isEmpty = req.query.so !== undefined;
        sendPage(
          res,
          200,
          <CheckPage
            owner={owner}
            {...(isEmpty ? { wrongCode: "Hãy nhập mã hồ sơ in trên kết quả." } : {})}
          />,
        );
        return;
      }
      const code = codeOf(typed);
      const checked = await desk.checkIssued(code);
      if (checked === undefined) {
        const wrongCode = "Không có kết quả nào đã phát hành cho mã hồ sơ này.";
        sendPage(res, 404, <CheckPage owner={owner} typed={code} wrongCode={wrongCode} />);
      } else sendPage(res, 200, <CheckedPage owner={owner} checked={checked} code={code} />);
    },
  );

  router.post("/kiem-tra", throttle, async (req, res) => {
    try {
      const bytes = await read(req, res);
      if (bytes === undefined)
        sendPage(res, 422, <CheckPage owner={owner} wrongFile="Hãy chọn tệp PDF cần kiểm tra." />);
      else if (bytes.length === 0)
        sendPage(
          res,
          422,
          <CheckPage owner={owner} wrongFile="Tệp rỗng, không có nội dung. Hãy chọn tệp khác." />,
        );
      else sendPage(res, 200, <CheckedPage owner={owner} checked={await desk.check(bytes)} />);
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      sendPage(res, 413, <CheckPage owner={owner} wrongFile={error.publicMessage} />);
    }
  });

  router.use("/kiem-tra", pageProblems(log, owner));
  return router;
}
