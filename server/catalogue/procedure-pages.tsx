import { createHash } from "node:crypto";
import { Router } from "express";
import type { Request, Response } from "express";
import type { VNode } from "preact";
import { TIERS } from "../../workflows/declaration.ts";
import { NotFound } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import type { Log } from "../platform/log.ts";
import { pageProblems } from "../web/error-pages.tsx";
import { pageText, sendPage } from "../web/layout.tsx";
import type { CatalogueDeps } from "./routes.ts";
import { ProcedureListPage } from "./procedure-list-page.tsx";
import type { Asked } from "./procedure-list-page.tsx";
import { ProcedurePage } from "./procedure-page.tsx";
import { CHAIR } from "./units.ts";

const PAGE_SIZE = 25;

/**
 * `/thu-tuc`: the catalogue for everybody, without a login and without scripts. An officer who is logged in sees the
 * same under his own head line. What the public gets may be kept for five minutes: the catalogue does not change
 * while the program runs.
 */
export function procedurePages(
  deps: Pick<CatalogueDeps, "agencies" | "catalogue" | "search"> & { log: Log },
): Router {
  const { agencies, catalogue, search, log } = deps;
  const router = Router();
  const owner = agencies.get(CHAIR)?.name ?? "";
  const fields = fieldsOf(catalogue.all.map(({ declaration }) => declaration.field));

  router.get("/thu-tuc", (req, res) => {
    const asked = readAsked(req);
    const { items, total, referral } = search.search(
      asked.q,
      {
        field: asked.field || undefined,
        level: asked.level || undefined,
        agency: asked.agency || undefined,
        onlineLevel: asked.onlineLevel || undefined,
      },
      PAGE_SIZE,
      (asked.page - 1) * PAGE_SIZE,
    );
    const page = (
      <ProcedureListPage
        desk={req.desk}
        owner={owner}
        agencies={agencies}
        asked={asked}
        fields={fields}
        items={items}
        total={total}
        pageSize={PAGE_SIZE}
        referral={referral}
      />
    );
    send(req, res, page);
  });

  router.get("/thu-tuc/:code", (req, res) => {
    const found = catalogue.current(req.params.code.trim());
    if (found === undefined) throw new NotFound("procedure-not-found", "Không có thủ tục mang mã này.");
    send(
      req,
      res,
      <ProcedurePage desk={req.desk} owner={owner} agencies={agencies} declaration={found.declaration} />,
    );
  });

  router.use("/thu-tuc", pageProblems(log, owner));
  return router;
}

/** Sends a page that everybody sees alike; an officer's own, with his name on it, is kept by nobody. */
function send(req: Request, res: Response, page: VNode): void {
  res.set("Vary", "Cookie");
  if (req.desk !== undefined) {
    sendPage(res, 200, page);
    return;
  }
  const text = pageText(page);
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  res.set({ ETag: etag, "Cache-Control": "public, max-age=300" });
  if (req.get("if-none-match") === etag) res.status(304).end();
  else res.status(200).type("text/html").send(text);
}

/** What the address asks for; what it cannot mean is left out, as after a mistyped address. */
function readAsked(req: Request): Asked {
  const level = queryText(req, "cap");
  const online = queryText(req, "muc-do");
  const page = queryText(req, "trang") ?? "";
  return {
    q: (queryText(req, "q") ?? "").trim().slice(0, 300),
    field: queryText(req, "linh-vuc") ?? "",
    level: TIERS.find((tier) => tier === level) ?? "",
    agency: queryText(req, "co-quan") ?? "",
    onlineLevel: ([2, 3, 4] as const).find((one) => String(one) === online) ?? "",
    page: /^[1-9]\d{0,4}$/.test(page) ? Number(page) : 1,
  };
}

function fieldsOf(all: readonly string[]): { field: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const field of all) counts.set(field, (counts.get(field) ?? 0) + 1);
  const { compare } = new Intl.Collator("vi");
  return [...counts].map(([field, count]) => ({ field, count })).sort((a, b) => compare(a.field, b.field));
}
