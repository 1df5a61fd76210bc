import { Router } from "express";
import type { Calendar } from "../../workflows/calendar.ts";
import { TIERS, chartTiers, limitFor } from "../../workflows/declaration.ts";
import type { Tier } from "../../workflows/declaration.ts";
import { Invalid, NotFound, Unreadable } from "../platform/errors.ts";
import type { Clock } from "../platform/clock.ts";
import { answering, queryCursor, queryLimit, queryText } from "../platform/http.ts";
import { chartTierOf } from "./agencies.ts";
import type { Catalogue, ProcedureVersion } from "./catalogue.ts";
import { procedureSummary, procedureView } from "./procedure-view.ts";
import { reckonFor, repeated } from "./reckon.ts";
import type { ProcedureSearch } from "./search.ts";
import type { Agencies } from "./units.ts";

export interface CatalogueDeps {
  catalogue: Catalogue;
  agencies: Agencies;
  search: ProcedureSearch;
  clock: Clock;
  calendarOf(agency: string): Promise<Calendar>;
}

const PUBLIC = { "Cache-Control": "public, max-age=60" };

/** The public catalogue: units, procedures, their machines and deadlines. No login. */
export function catalogueRoutes(deps: CatalogueDeps): Router {
  const { catalogue, agencies, search, clock } = deps;
  const router = Router();

  const find = (code: unknown): ProcedureVersion => {
    const found = catalogue.current(String(code));
    if (found === undefined) throw new NotFound("procedure-not-found", "Không có thủ tục mang mã này.");
    return found;
  };

  router.get(
    "/agencies",
    answering((req) => {
      // All of them unless fewer are asked for (contract.md).
      const limit = queryLimit(req, agencies.all.length, 1000);
      const from = queryCursor(req) ?? 0;
      const next = from + limit;
      return {
        status: 200,
        headers: PUBLIC,
        body: {
          items: agencies.all.slice(from, next).map(({ code, name, level, parent, kind, assigned, key }) => ({
            code,
            name,
            level,
            parent,
            kind,
            ...(key === null ? {} : { key }),
            ...(assigned ? { assigned } : {}),
          })),
          nextCursor: next < agencies.all.length ? String(next) : null,
        },
      };
    }),
  );

  router.get(
    "/procedures",
    answering((req) => {
      const limit = queryLimit(req, 20, 200);
      const offset = queryCursor(req) ?? 0;
      const onlineLevel = queryText(req, "onlineLevel");
      if (onlineLevel !== undefined && !/^[234]$/.test(onlineLevel))
        throw new Unreadable("bad-online-level", "Tham số onlineLevel là 2, 3 hoặc 4.");
      const { items, total, referral } = search.search(
        queryText(req, "q")?.slice(0, 300),
        {
          field: queryText(req, "field"),
          level: readTier(queryText(req, "level"), "level"),
          onlineLevel: onlineLevel === undefined ? undefined : Number(onlineLevel),
          agency: queryText(req, "agency"),
        },
        limit,
        offset,
      );
      const next = offset + items.length;
      return {
        status: 200,
        headers: PUBLIC,
        body: {
          items: items.map(({ code }) => procedureSummary(find(code))),
          total,
          nextCursor: next < total ? String(next) : null,
          ...(referral === undefined ? {} : { referral }),
        },
      };
    }),
  );

  router.get(
    "/procedures/:code",
    answering((req) => ({
      status: 200,
      headers: PUBLIC,
      body: procedureView(find(req.params.code), agencies),
    })),
  );

  router.get(
    "/procedures/:code/machine",
    answering(async (req) => {
      const { id, declaration } = find(req.params.code);
      const tiers = chartTiers(declaration);
      const tier = readTier(queryText(req, "tier"), "tier") ?? tiers[0];
      if (tier === undefined || !tiers.includes(tier))
        throw new NotFound(
          "no-such-tier",
          `Thủ tục không có quy trình ở cấp này; chỉ có: ${tiers.join(", ")}.`,
        );
      return { status: 200, headers: PUBLIC, body: (await catalogue.machine(id, tier)).config };
    }),
  );

  router.get(
    "/procedures/:code/deadline",
    answering(async (req) => {
      const { declaration } = find(req.params.code);
      const code = queryText(req, "agency");
      const agency = code === undefined ? undefined : agencies.get(code);
      if (code !== undefined && (agency === undefined || chartTierOf(declaration, agency) === undefined))
        throw new Invalid(
          [{ path: "agency", message: "Đơn vị này không có, hoặc không giải quyết thủ tục này." }],
          undefined,
          agency === undefined ? "unknown-agency" : "agency-not-competent",
        );
      return reckonFor(
        limitFor(declaration, queryText(req, "case") ?? null, "counter"),
        {
          receivedAt: queryText(req, "receivedAt") ?? clock.now().toISOString(),
          pauses: repeated(req, "pause"),
        },
        await deps.calendarOf(code ?? ""),
      );
    }),
  );
  return router;
}

function readTier(text: string | undefined, name: string): Tier | undefined {
  if (text === undefined) return undefined;
  const tier = TIERS.find((known) => known === text);
  if (tier === undefined) throw new Unreadable(`bad-${name}`, `Tham số ${name} là ${TIERS.join(", ")}.`);
  return tier;
}
