import { Router } from "express";
import type { Pool } from "pg";
import { staff } from "../dossier/request.ts";
import { answering } from "../platform/http.ts";
import { portalSync } from "./status.ts";

/** How far the national portal is behind us: for any member of staff; it tells of no dossier. */
export function portalRoutes(db: Pick<Pool, "query">): Router {
  const router = Router();
  router.get(
    "/portal-sync",
    answering(async (req) => {
      staff(req);
      return { status: 200, body: await portalSync(db) };
    }),
  );
  return router;
}
