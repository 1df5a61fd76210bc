import { Router } from "express";
import type { RequestHandler } from "express";
import { toVietnamIso } from "../../workflows/vietnam-time.ts";
import { Invalid, UnsupportedMedia } from "../platform/errors.ts";
import { answering } from "../platform/http.ts";
import type { CheckDesk } from "./check-desk.ts";
import type { ReadUpload } from "./read-upload.ts";

/** The check of signed papers for programs: `POST /signature-checks`, without a login; nothing is kept. */
export function signatureCheckRoutes(desk: CheckDesk, read: ReadUpload, throttle: RequestHandler): Router {
  const router = Router();
  router.post(
    "/signature-checks",
    throttle,
    answering(async (req, res) => {
      if (req.is("multipart/form-data") === false)
        throw new UnsupportedMedia(
          "unsupported-media",
          "Tệp được gửi bằng multipart/form-data với trường file.",
        );
      const bytes = await read(req, res);
      if (bytes === undefined) throw new Invalid([{ path: "file", message: "Hãy chọn tệp cần kiểm tra." }]);
      const { report, issued } = await desk.check(bytes);
      return {
        status: 200,
        body: {
          ...report,
          issued:
            issued === undefined
              ? null
              : {
                  number: issued.number,
                  agency: issued.agency,
                  issuedAt: toVietnamIso(issued.issuedAt.getTime()),
                },
        },
      };
    }),
  );
  return router;
}
