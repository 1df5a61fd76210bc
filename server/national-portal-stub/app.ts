import { setTimeout as wait } from "node:timers/promises";
import express, { type NextFunction, type Request, type Response } from "express";
import type { Pool } from "pg";
import { CODES, refuse, type Answer } from "./answer.ts";
import { withTransaction } from "./database.ts";
import { happens, NO_FAULTS, readFaults, someGarbage } from "./faults.ts";
import { fileOnline } from "./file-online.ts";
import { findReceived, summarise } from "./inspect.ts";
import { isRecord, type PortalRecord } from "./judge-fields.ts";
import * as lookUp from "./look-up.ts";
import { receiveDossiers } from "./receive-dossiers.ts";
import { receiveProgress } from "./receive-progress.ts";
import { receiveStatistics } from "./receive-statistics.ts";
import { judgeSession, logIn } from "./sessions.ts";

export interface StubDeps {
  db: Pool;
  clock: () => Date;
  username: string;
  password: string;
  /** The `madonvi` that may call, such as 000.00.00.H30. */
  unit: string;
  programUrl: string;
  inboundToken: string;
}

const PUSHES = ["DongBoHoSoMC", "CapNhatTienDoHoSoMC", "DongBoThongKeHoSo"];

/** The portal's HTTP face: /mapi as in the field, /_* for tests and demonstrations. */
export function createPortalStub(deps: StubDeps): express.Express {
  const app = express().disable("x-powered-by").disable("etag");
  let faults = NO_FAULTS;

  app.use("/mapi", async (req, res, next) => {
    if (faults.latencyMs > 0) await wait(faults.latencyMs);
    // The caller has gone meanwhile, and what it sent with it.
    if (req.socket.destroyed) return;
    if (faults.down) res.status(503).type("text").send("Service Unavailable");
    else if (happens(faults.errorRate)) res.status(500).type("html").send("<h1>Internal Server Error</h1>");
    else next();
  });
  app.use(express.json({ limit: "80mb", strict: false }));

  app.post("/mapi/login", async (req, res) => {
    const body = isRecord(req.body) ? req.body : {};
    res.json(await withTransaction(deps.db, (trx) => logIn(trx, body, deps, deps.clock())));
  });

  app.post("/mapi/g", async (req, res) => {
    const body = isRecord(req.body) ? req.body : {};
    if (PUSHES.includes(String(body.service)) && happens(faults.codeZeroFailureRate)) {
      res.json({ error_code: "0", message: "Lỗi hệ thống: không lưu được dữ liệu" });
      return;
    }
    const answer = await answerCall(deps, body);
    if (happens(faults.dropAckRate)) req.socket.destroy();
    else if (happens(faults.garbageRate)) res.type("json").send(someGarbage());
    else res.json(answer);
  });

  app.get("/_received/:code", async (req, res) => {
    const received = await findReceived(deps.db, req.params.code);
    if (received) res.json(received);
    else res.status(404).json({ message: `Nothing received of ${req.params.code}` });
  });
  app.get("/_summary", async (_req, res) => {
    res.json(await summarise(deps.db));
  });
  app.get("/_faults", (_req, res) => {
    res.json(faults);
  });
  app.put("/_faults", async (req, res) => {
    const wanted = readFaults(req.body);
    if (typeof wanted === "string") {
      res.status(400).json({ message: wanted });
      return;
    }
    if (wanted.expireSessions) await deps.db.query(`delete from sessions`);
    faults = { ...wanted, expireSessions: false };
    res.json(wanted);
  });
  app.post("/_file", async (req, res) => {
    if (!isRecord(req.body)) {
      res.status(400).json({ message: "The body must be a dossier" });
      return;
    }
    const { status, answer } = await fileOnline(deps, req.body);
    res.status(status).json(answer);
  });

  app.use((_req, res) => {
    res.status(404).json(refuse(CODES.unknownService, "Không có địa chỉ này"));
  });
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const status = isRecord(error) && typeof error.status === "number" ? error.status : 500;
    if (status >= 500) console.error("portal stub:", error);
    res.status(status).json(refuse(CODES.invalid, status < 500 ? "Yêu cầu không đọc được" : "Lỗi hệ thống"));
  });
  return app;
}

/** One call of /mapi/g, in one transaction. */
async function answerCall(deps: StubDeps, body: PortalRecord): Promise<Answer> {
  const { unit } = deps;
  const now = deps.clock();
  return withTransaction(deps.db, async (trx) => {
    // Neither NUL nor half a surrogate pair can be stored as text.
    if (/\\u(0000|d[89a-f]..)/i.test(JSON.stringify(body))) {
      return refuse(CODES.invalid, "Nội dung có ký tự không hợp lệ");
    }
    const expired = await judgeSession(trx, body.session, now);
    if (expired) return expired;
    if (body.madonvi !== unit) return refuse(CODES.invalid, "Mã đơn vị (madonvi) không đúng");
    switch (body.service) {
      case "DongBoHoSoMC":
        return receiveDossiers(trx, body, unit.split(".").at(-1) ?? unit, now);
      case "CapNhatTienDoHoSoMC":
        return receiveProgress(trx, body, now);
      case "DongBoThongKeHoSo":
        return receiveStatistics(trx, body, now);
      case "TraCuuHoSo":
        return lookUp.lookUpDossier(trx, body);
      case "LayThuTuc":
        return lookUp.lookUpProcedure(trx, body, unit);
      case "LayDanhSachTTHC":
        return lookUp.listProcedures(trx);
      case "LayDanhMucLinhVuc":
        return lookUp.listFields(trx, unit);
      case "LayDanhMucCoQuan":
        return lookUp.listAgencies(unit);
      default:
        return refuse(CODES.unknownService, "Không có dịch vụ này");
    }
  });
}
