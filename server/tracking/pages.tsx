import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { Router, urlencoded } from "express";
import type { Request, Response } from "express";
import type { VNode } from "preact";
import { CHAIR } from "../catalogue/units.ts";
import type { Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import { assertSecret, secretOf } from "../dossier/request.ts";
import { Invalid, NotFound } from "../platform/errors.ts";
import { fieldText } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { pageProblems } from "../web/error-pages.tsx";
import { sendPage } from "../web/layout.tsx";
import { DossierPage } from "./dossier-page.tsx";
import { SearchPage, UnknownCodePage, WrongSecretPage } from "./search-page.tsx";
import type { SlowDown } from "./slow-down.ts";
import type { KeptTracking } from "./public-tracking.ts";
import { fileReader, onceOfCitizen, takeSecret, telling } from "./send-acts.ts";
import type { CitizenActs, Told } from "./send-acts.ts";
import { sentSinceAsked, trackWithSecret } from "./track-dossier.ts";
import { typedCode } from "./typed-code.ts";

const SUPPLEMENTED = [
  "Đã nộp bổ sung. Cơ quan đã nhận được và giải quyết tiếp hồ sơ của bạn.",
  "Nếu giấy tờ còn thiếu, cơ quan sẽ yêu cầu lại; bạn xem ở trang này.",
];
const WITHDRAWING = [
  "Đã gửi yêu cầu rút hồ sơ. Cơ quan đang xem xét; thời hạn giải quyết tạm dừng.",
  "Kết quả có ở trang này.",
];
const NOTHING_SENT =
  "Chưa có tệp nào được gửi. Hãy chọn tệp cho từng giấy tờ và bấm Gửi tệp, rồi mới nộp bổ sung.";

/**
 * Tracking for people, without a login and without scripts: `/tra-cuu` and `/tra-cuu/{code}`. The secret comes in the
 * body of a POST, never in an address. Wrong codes and secrets are counted by `slow`; right ones never are.
 */
export function trackingPages(
  deps: Deps,
  publicTracking: (code: string) => Promise<KeptTracking>,
  slow: SlowDown,
  acts: CitizenActs,
): Router {
  const router = Router();
  const readFile = fileReader(acts.uploadDir);
  const owner = deps.agencies.get(CHAIR)?.name ?? "";
  const form = urlencoded({ extended: false, limit: "32kb", parameterLimit: 10 });

  /** Answers what `open` finds; where it finds nothing, counts a failure and shows `otherwise` as 404. */
  const orElse = async (req: Request, res: Response, open: () => Promise<void>, otherwise: VNode) => {
    slow.assertFree(req);
    try {
      await open();
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      await slow.countFailure(req, res);
      sendPage(res, 404, otherwise);
    }
  };

  router.get("/tra-cuu", (req, res) => {
    const typed = queryText(req, "ma")?.slice(0, 200);
    const code = typed === undefined ? "" : typedCode(typed);
    if (code !== "") res.redirect(303, `/tra-cuu/${encodeURIComponent(code)}`);
    else if (typed === undefined && req.query.ma === undefined)
      sendPage(res, 200, <SearchPage owner={owner} />);
    else sendPage(res, 200, <SearchPage owner={owner} wrong="Hãy nhập mã hồ sơ." />);
  });

  router.get("/tra-cuu/:code", async (req, res) => {
    const code = typedCode(req.params.code);
    const open = async () => {
      const { tracking } = await publicTracking(code);
      sendPage(res, 200, <DossierPage owner={owner} tracking={tracking} now={deps.clock.now()} />);
    };
    await orElse(req, res, open, <UnknownCodePage owner={owner} typed={code} />);
  });

  router.post("/tra-cuu/:code", form, async (req, res) => {
    const code = typedCode(req.params.code);
    const secret = secretOf(req) ?? "";
    const open = async () => {
      await assertSecret(deps.db, deps.secrets, code, secret);
      await show(res, code, secret);
    };
    await orElse(req, res, open, <WrongSecretPage owner={owner} code={code} />);
  });

  /** The opened dossier as it is now, with what was just done: there is no session to redirect to. */
  const show = async (res: Response, code: string, secret: string, told?: Told, reason?: string) => {
    const details = await trackWithSecret(deps, deps.db, code);
    const opened = { secret, details, sent: await sentSinceAsked(deps.db, code) };
    const page = (
      <DossierPage
        owner={owner}
        tracking={details}
        opened={opened}
        now={deps.clock.now()}
        {...(told === undefined ? {} : { told })}
        {...(reason === undefined ? {} : { withdrawalReason: reason })}
      />
    );
    sendPage(res, told?.status ?? 200, page);
  };

  router.post("/tra-cuu/:code/giay-to", async (req, res) => {
    slow.assertFree(req);
    const tooMuch = await readFile(req, res);
    try {
      const code = typedCode(req.params.code);
      const secret = takeSecret(req);
      const open = async () => {
        await assertSecret(deps.db, deps.secrets, code, secret);
        const { file } = req;
        const told = await telling(
          [`Đã nhận tệp ${file?.originalname ?? ""}. Gửi tiếp tệp khác, hoặc bấm Nộp bổ sung khi đã gửi đủ.`],
          async () => {
            if (tooMuch !== undefined) throw tooMuch;
            if (file === undefined)
              throw new Invalid([{ path: "file", message: "Hãy chọn tệp trước khi bấm Gửi tệp." }]);
            const { path, originalname: fileName } = file;
            const component = fieldText(req, "component");
            await acts.upload({ code, component, path, fileName, once: await onceOfCitizen(req, code) });
          },
        );
        await show(res, code, secret, told);
      };
      await orElse(req, res, open, <WrongSecretPage owner={owner} code={code} />);
    } finally {
      if (req.file !== undefined) await rm(req.file.path, { force: true });
    }
  });

  router.post("/tra-cuu/:code/bo-sung", form, async (req, res) => {
    const code = typedCode(req.params.code);
    const secret = takeSecret(req);
    const open = async () => {
      await assertSecret(deps.db, deps.secrets, code, secret);
      const told = await telling(SUPPLEMENTED, async () => {
        const sent = await sentSinceAsked(deps.db, code);
        const once = await onceOfCitizen(req, code);
        const codes = [...new Set(sent.map(({ component }) => component))].filter((one) => one !== "other");
        const payload = { documents: codes.map((one) => ({ code: one, originals: 0, copies: 1 })) };
        // A second press of the same button finds nothing asked for any more, and its kept answer.
        const waits = (await trackWithSecret(deps, deps.db, code)).supplement !== undefined;
        if (waits && sent.length === 0) throw new Invalid([{ path: "file", message: NOTHING_SENT }]);
        await acts.act({ code, type: "SUPPLEMENT", payload: waits ? payload : { documents: [] }, once });
      });
      await show(res, code, secret, told);
    };
    await orElse(req, res, open, <WrongSecretPage owner={owner} code={code} />);
  });

  router.post("/tra-cuu/:code/rut-ho-so", form, async (req, res) => {
    const code = typedCode(req.params.code);
    const secret = takeSecret(req);
    const open = async () => {
      await assertSecret(deps.db, deps.secrets, code, secret);
      const reason = fieldText(req, "reason").normalize("NFC").slice(0, 2000);
      const told = await telling(WITHDRAWING, async () => {
        if (reason === "") throw new Invalid([{ path: "reason", message: "Hãy cho biết lý do rút hồ sơ." }]);
        const once = await onceOfCitizen(req, code);
        await acts.act({ code, type: "REQUEST_WITHDRAWAL", payload: { reason }, once });
      });
      await show(res, code, secret, told, told.tone === "late" ? reason : undefined);
    };
    await orElse(req, res, open, <WrongSecretPage owner={owner} code={code} />);
  });

  router.post("/tra-cuu/:code/ket-qua", form, async (req, res) => {
    const code = typedCode(req.params.code);
    const open = async () => {
      await assertSecret(deps.db, deps.secrets, code, secretOf(req) ?? "");
      const sealed = (await findDossier(deps.db, code))?.facts.result?.sealed ?? null;
      if (sealed === null) throw new NotFound("no-result-yet");
      res.set({
        "Content-Type": "application/pdf",
        "Content-Disposition": `attachment; filename="ket-qua-${code}.pdf"`,
        "Cache-Control": "private, no-store",
      });
      await pipeline(deps.files.read(sealed), res);
    };
    await orElse(req, res, open, <WrongSecretPage owner={owner} code={code} />);
  });

  router.use(pageProblems(deps.log, owner));
  return router;
}
