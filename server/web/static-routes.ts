import { Router } from "express";
import { STATIC_FILES } from "./static-files.ts";

/** Style sheet, fonts and icon from this machine; an address never changes its content, so it is kept for a year. */
export function staticRoutes(): Router {
  const router = Router();
  for (const { address, mediaType, body, gzip } of STATIC_FILES)
    router.get(address, (req, res) => {
      res.set({
        "Content-Type": mediaType,
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
      });
      if (gzip === undefined) {
        res.send(body);
        return;
      }
      res.vary("Accept-Encoding");
      if (req.acceptsEncodings("gzip") === "gzip") res.set("Content-Encoding", "gzip").send(gzip);
      else res.send(body);
    });
  return router;
}
