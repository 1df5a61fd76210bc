import { Router } from "express";
import { pageText } from "../web/layout.tsx";
import { DocsPage } from "./docs-page.tsx";
import { openApiDocument } from "./document.ts";
import type { BodySchemas } from "./document.ts";

const PUBLIC = "public, max-age=300";

/** The program's description of itself: OpenAPI 3.1 for programs, a page for people. Both are made on first use. */
export function apiDocs(bodies: BodySchemas): Router {
  const document = openApiDocument(bodies);
  let json: string | undefined;
  let page: string | undefined;
  const router = Router();
  router.get("/api/v1/openapi.json", (_req, res) => {
    json ??= JSON.stringify(document);
    res
      .set({ "Cache-Control": PUBLIC, "Access-Control-Allow-Origin": "*" })
      .type("application/json")
      .send(json);
  });
  router.get("/api/docs", (_req, res) => {
    page ??= pageText(DocsPage({ document }));
    res.set("Cache-Control", PUBLIC).type("text/html").send(page);
  });
  return router;
}
