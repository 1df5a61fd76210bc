import { Router } from "express";
import type { Pool } from "pg";
import { staff } from "../dossier/request.ts";
import { NotAllowed } from "../platform/errors.ts";
import { answering } from "../platform/http.ts";
import { portalSync } from "./status.ts";

/** How far the national portal is behind us: for whoever answers for the figures. */
export function portalRoutes(db: Pick<Pool, "query">): Router {
  const router = Router();
  router.get(
    "/portal-sync",
    answering(async (req) => {
      const { roles } = staff(req);
      if (!roles.includes("administrator") && !roles.includes("inspector"))
        throw new NotAllowed(
          undefined,
          "Chỉ quản trị viên và người theo dõi số liệu xem được tình trạng đồng bộ.",
        );
      return { status: 200, body: await portalSync(db) };
    }),
  );
  return router;
}
