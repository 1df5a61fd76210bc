import { Router } from "express";
import type { Request } from "express";
import { ownForm } from "../accounts/page-session.ts";
import { chartTierOf } from "../catalogue/agencies.ts";
import { CENTRE } from "../catalogue/units.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { fold } from "../dossier/search-text.ts";
import { onceOfForm, plainCode, staff } from "../dossier/request.ts";
import type { FormKind } from "../forms/legal-forms.ts";
import { NotAllowed, Unreadable } from "../platform/errors.ts";
import { fieldText, fieldTexts } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import { sendPage } from "../web/layout.tsx";
import { BulkResultPage, HandOverPage } from "./bulk-pages.tsx";
import { actOnMany, assertNotTooMany, heldBy, loadsOf, printMany } from "./bulk.ts";
import type { BulkAct, BulkResult } from "./bulk.ts";
import { openCounts } from "./unit-counts.ts";
import { readLists } from "./work-list.ts";
import type { ListFilter, Order } from "./work-list.ts";
import type { TypedFilters } from "./work-list-filters.tsx";
import { shownRows, WorkListPage } from "./work-list-page.tsx";
import { listOf, listsFor } from "./work-lists.ts";
import type { DossierRecord } from "../dossier/record.ts";

/** Renders a legal form of a dossier for somebody; another desk's work. */
export type PrintForm = (dossier: DossierRecord, kind: FormKind, caller: Caller) => Promise<Buffer>;

const DAY_MS = 86_400_000;

/** The lists of work and what is done with many dossiers at once. */
export function workListPages(deps: Deps, printForm: PrintForm): Router {
  const router = Router();
  const procedures = openProcedures(deps);
  const counts = openCounts(deps);

  router.get("/ho-so", async (req, res) => {
    const desk = deskOf(req);
    const caller = staff(req);
    const list = listOf(queryText(req, "loc"), desk.roles);
    const lists = listsFor(desk.roles);
    const typed = typedFilters(req, list.key);
    const [{ page, counts: counted }, colleagues] = await Promise.all([
      readLists(
        deps,
        caller,
        { list, filter: filterOf(typed, (asked) => procedures.matching(asked)), counted: lists },
        counts,
      ),
      counts.loads(caller.agency),
    ]);
    const rows = await shownRows(deps, page, caller.agency);
    const fields = procedures.fieldsOf(caller.agency);
    const now = deps.clock.now();
    const { next } = page;
    const missing = MISSING[queryText(req, "chua") ?? ""];
    const chosen = new Set((queryText(req, "chon") ?? "").split(","));
    sendPage(
      res,
      200,
      WorkListPage({
        desk,
        now,
        list,
        lists,
        counts: counted,
        typed,
        rows,
        next,
        fields,
        colleagues,
        missing,
        chosen,
      }),
    );
  });

  router.post("/ho-so/hang-loat", ownForm(), async (req, res) => {
    const desk = deskOf(req);
    const caller = staff(req);
    const task = fieldText(req, "viec");
    const assignee = fieldText(req, "giaoCho");
    const codes = fieldTexts(req, "ma").map(plainCode);
    assertNotTooMany(codes);
    const back = listAddress(fieldText(req, "_ve"));
    const asked = actOf(task, assignee, caller);
    if (codes.length === 0 || asked === undefined) {
      const told = { chua: codes.length === 0 ? "chon" : "nguoi", chon: codes.join(",") };
      res.redirect(303, `${back}${back.includes("?") ? "&" : "?"}${new URLSearchParams(told).toString()}`);
      return;
    }
    const results = await actOnMany(deps, caller, codes, asked.act, onceOfForm(req, caller.username));
    const again = { viec: task, ...(assignee === "" ? {} : { giaoCho: assignee }) };
    const paper = asked.act.kind === "print" ? paperAddress(asked.act.form, results) : undefined;
    sendPage(res, 200, BulkResultPage({ desk, title: asked.title, results, again, back, paper }));
  });

  // Back from the login, or by the browser's own way: there is nothing to show without a form.
  router.get("/ho-so/hang-loat", (_req, res) => {
    res.redirect(303, "/ho-so");
  });

  router.get("/ho-so/in/:name", async (req, res) => {
    const caller = staff(req);
    const form = FORMS.find((known) => `${known}.pdf` === req.params.name);
    const codes = (queryText(req, "ma") ?? "").split(",").filter((code) => code !== "");
    if (form === undefined || codes.length === 0)
      throw new Unreadable("nothing-chosen", "Chưa chọn hồ sơ nào để in.");
    assertNotTooMany(codes);
    const pdf = await printMany(deps, caller, codes.map(plainCode), (dossier) =>
      printForm(dossier, form, caller),
    );
    res.set({
      "Content-Type": "application/pdf",
      "Content-Disposition": `inline; filename="${form}-${codes.length}-ho-so.pdf"`,
      "Cache-Control": "private, no-store",
    });
    res.send(pdf);
  });

  router.get("/ho-so/ban-giao", async (req, res) => {
    const desk = deskOf(req);
    const caller = mayHandOver(req);
    const loads = await loadsOf(deps, caller.agency);
    sendPage(res, 200, HandOverPage({ desk, loads, from: queryText(req, "tu") ?? "", to: "" }));
  });

  router.post("/ho-so/ban-giao", ownForm(), async (req, res) => {
    const desk = deskOf(req);
    const caller = mayHandOver(req);
    const from = fieldText(req, "tu");
    const to = fieldText(req, "den");
    const loads = await loadsOf(deps, caller.agency);
    const known = (username: string) => loads.find((load) => load.username === username);
    const errors = {
      ...(known(from) === undefined ? { tu: "Hãy chọn người vắng mặt." } : {}),
      ...(known(to)?.active !== true
        ? { den: "Hãy chọn chuyên viên nhận hồ sơ." }
        : from === to
          ? { den: "Người nhận phải là người khác." }
          : {}),
    };
    if (Object.keys(errors).length > 0) {
      sendPage(res, 422, HandOverPage({ desk, loads, from, to, errors }));
      return;
    }
    const codes = await heldBy(deps, caller.agency, from);
    const act: BulkAct = { kind: "assign", assignee: to };
    const results = await actOnMany(deps, caller, codes, act, onceOfForm(req, caller.username));
    const title = `Bàn giao hồ sơ của ${known(from)?.name ?? from}`;
    const again = { viec: "giao", giaoCho: to };
    sendPage(res, 200, BulkResultPage({ desk, title, results, again, back: "/ho-so/ban-giao" }));
  });
  return router;
}

/** What a form for many still lacked. */
const MISSING: Record<string, string> = {
  chon: "Chưa chọn hồ sơ nào. Hãy đánh dấu các hồ sơ trong danh sách rồi chọn việc.",
  nguoi: "Chưa chọn người được giao. Hãy chọn trong ô “Giao cho…” rồi bấm “Giao việc”.",
};

const FORMS: readonly FormKind[] = ["receipt", "control"];

/** Head and leader give work to others. Throws NotAllowed for anybody else. */
function mayHandOver(req: Request): Caller {
  const caller = staff(req);
  if (!caller.roles.includes("head") && !caller.roles.includes("leader"))
    throw new NotAllowed("event-not-yours", "Trưởng phòng hoặc lãnh đạo mới bàn giao hồ sơ của người khác.");
  return caller;
}

/** The act that a button of the list stands for; undefined where nobody was chosen. Throws Unreadable. */
function actOf(task: string, assignee: string, caller: Caller): { act: BulkAct; title: string } | undefined {
  switch (task) {
    case "giao":
      return assignee === "" ? undefined : { act: { kind: "assign", assignee }, title: "Giao việc" };
    case "nhan":
      return { act: { kind: "assign", assignee: caller.username }, title: "Nhận hồ sơ về thụ lý" };
    case "chuyen":
      return { act: { kind: "transfer" }, title: "Chuyển hồ sơ" };
    case "in-receipt":
      return { act: { kind: "print", form: "receipt" }, title: "In giấy tiếp nhận và hẹn trả kết quả" };
    case "in-control":
      return { act: { kind: "print", form: "control" }, title: "In phiếu kiểm soát" };
    default:
      throw new Unreadable("unknown-task", "Không có việc này.");
  }
}

function paperAddress(form: FormKind, results: readonly BulkResult[]): string {
  const codes = results.filter(({ done }) => done).map(({ code }) => code);
  return `/ho-so/in/${form}.pdf?ma=${codes.join(",")}`;
}

/** Where a form came from, if that is a list of ours. */
function listAddress(path: string): string {
  return /^\/ho-so(?:\/ban-giao)?(?:\?[\x21-\x7e]*)?$/.test(path) ? path : "/ho-so";
}

function typedFilters(req: Request, list: string): TypedFilters {
  const text = (name: string) => (queryText(req, name) ?? "").trim().slice(0, 100);
  const typed = {
    q: text("q"),
    status: text("trangThai"),
    procedure: text("thuTuc"),
    field: text("linhVuc"),
    dueFrom: text("hanTu"),
    dueTo: text("hanDen"),
    assignee: text("nguoiXuLy"),
  };
  const order = text("sapXep");
  const after = text("sau");
  const names = { trangThai: typed.status, thuTuc: typed.procedure, linhVuc: typed.field };
  const rest = { hanTu: typed.dueFrom, hanDen: typed.dueTo, nguoiXuLy: typed.assignee, sapXep: order };
  const address = (end: string) => {
    const query = { loc: list, q: typed.q, ...names, ...rest, sau: end };
    return `/ho-so?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString()}`;
  };
  return { ...typed, order, after, narrowed: Object.values(typed).some((value) => value !== ""), address };
}

/** The filters of an address. What is no status, order or day filters nothing. */
function filterOf(
  typed: TypedFilters,
  matching: (asked: { words: string; field: string }) => string[],
): ListFilter {
  const status = Number(typed.status);
  const order: Order = typed.order === "nop" || typed.order === "ma" ? typed.order : "han";
  const asked = typed.procedure !== "" || typed.field !== "";
  const dueTo = dayStart(typed.dueTo);
  return {
    order,
    status: Number.isInteger(status) && status >= 1 && status <= 10 ? status : undefined,
    procedures: asked ? matching({ words: typed.procedure, field: typed.field }) : undefined,
    dueFrom: dayStart(typed.dueFrom),
    dueBefore: dueTo === undefined ? undefined : new Date(dueTo.getTime() + DAY_MS),
    assignee: typed.assignee === "" ? undefined : typed.assignee === "chua-giao" ? "none" : typed.assignee,
    q: typed.q === "" ? undefined : typed.q,
    after: typed.after === "" ? undefined : typed.after,
  };
}

function dayStart(day: string): Date | undefined {
  const moment = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00+07:00`) : undefined;
  return moment === undefined || Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** What the catalogue says about filters; worked out when it is first asked for. */
function openProcedures({ catalogue, agencies }: Deps) {
  let folded: { code: string; field: string; name: string }[] | undefined;
  const kept = new Map<string, string[]>();
  return {
    /** The codes of the procedures of a field whose code or name has these words. */
    matching({ words, field }: { words: string; field: string }): string[] {
      folded ??= catalogue.all.map(({ code, declaration }) => ({
        code,
        field: declaration.field,
        name: fold(`${code} ${declaration.displayName ?? declaration.name}`),
      }));
      const wanted = fold(words).split(/\s+/);
      return folded
        .filter((one) => field === "" || one.field === field)
        .filter(({ name }) => wanted.every((word) => name.includes(word)))
        .map(({ code }) => code);
    },
    /** The fields in which a unit decides or, as the centre, receives. */
    fieldsOf(agency: string | null): string[] {
      const unit = agency === null ? undefined : agencies.get(agency);
      if (unit === undefined) return [];
      const known = kept.get(unit.code);
      if (known !== undefined) return known;
      const fields = catalogue.all
        .filter(({ declaration }) =>
          unit.code === CENTRE
            ? declaration.department !== null
            : chartTierOf(declaration, unit) !== undefined,
        )
        .map(({ declaration }) => declaration.field);
      const sorted = [...new Set(fields)].sort((a, b) => a.localeCompare(b, "vi"));
      kept.set(unit.code, sorted);
      return sorted;
    },
  };
}
