import { rm } from "node:fs/promises";
import { Router } from "express";
import type { Request, Response } from "express";
import { assertOwnForm, ownForm } from "../accounts/page-session.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { answerOnce } from "../dossier/once.ts";
import type { OnceKey } from "../dossier/once.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { onceOfForm, plainCode, staff } from "../dossier/request.ts";
import { Invalid, NotAllowed, Problem } from "../platform/errors.ts";
import { fieldText } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { problemOf } from "../platform/problem.ts";
import { deskOf } from "../web/desk.ts";
import type { Notice } from "../web/desk-page.tsx";
import { sendPage } from "../web/layout.tsx";
import { CopyPage } from "./copy-page.tsx";
import type { DossierDesk } from "./dossier-pages.tsx";
import { FIELD_NAMES, type ProposedField } from "./papers-section.tsx";
import { getDossier } from "./read-dossier.ts";
import { showDossier } from "./show-dossier.tsx";

/** How long one waits for all copies of a form, in milliseconds; the later ones are begun all the same. */
const PATIENCE_FOR_ALL = 10_000;

/** What becomes of one file of a form. */
interface FileAnswer {
  name: string;
  taken: boolean;
  text: string;
}

/** The papers' part of `/ho-so/{code}`: uploading scans, what was proposed from them, signing their copies. */
export function paperPages(deps: Deps, desk: DossierDesk): Router {
  const router = Router();
  const codeOf = (req: Request) => plainCode(String(req.params.code));

  router.get("/ho-so/:code/giay-to/:id", (req, res) =>
    desk.sendDocument(staff(req), codeOf(req), req.params.id, res, queryText(req, "copy")),
  );

  router.post("/ho-so/:code/giay-to", desk.readFiles, async (req, res) => {
    const code = codeOf(req);
    const files = Array.isArray(req.files) ? req.files : [];
    try {
      assertOwnForm(req);
      const answers = await uploadAll(deps, desk, req, code, files);
      if (req.accepts(["html", "json"]) === "json") {
        res.status(200).json({ files: answers });
        return;
      }
      if (answers.every(({ taken }) => taken)) res.redirect(303, `/ho-so/${code}?xong=tep`);
      else await showAgain(deps, desk, req, res, uploadNotice(answers), 422);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error instanceof NotAllowed) throw error;
      await showAgain(
        deps,
        desk,
        req,
        res,
        { tone: "late", text: `Chưa tải được tệp lên. ${textOf(error)}` },
        error.status,
      );
    } finally {
      for (const { path } of files) await rm(path, { force: true });
    }
  });

  router.post("/ho-so/:code/de-xuat", ownForm(), async (req, res) => {
    const code = codeOf(req);
    const field = fieldText(req, "truong");
    const documentId = Number(fieldText(req, "giayTo"));
    const use = fieldText(req, "quyetDinh") === "dung";
    if (!isField(field) || !Number.isSafeInteger(documentId))
      throw new Invalid([{ path: "truong", message: "Không có đề xuất này." }]);
    // What is on record of people is changed by a correction, which says what was before and why.
    if (use && (field === "name" || field === "identity"))
      res.redirect(303, `/ho-so/${code}/viec/CORRECT?deXuat=${documentId}.${field}`);
    else {
      await desk.decideProposal(staff(req), { code, documentId, field, use });
      res.redirect(303, `/ho-so/${code}?xong=de-xuat#giay-to`);
    }
  });

  router.get("/ho-so/:code/ban-sao", async (req, res) => {
    const dossier = await getDossier(deps, staff(req), codeOf(req));
    const only = queryText(req, "giayTo");
    await showCopies(deps, desk, req, res, dossier, { chosen: only === undefined ? undefined : [only] });
  });

  router.post("/ho-so/:code/ban-sao", ownForm(), async (req, res) => {
    const caller = staff(req);
    const code = codeOf(req);
    const dossier = await getDossier(deps, caller, code);
    const body = req.body as Record<string, unknown>;
    const given = Array.isArray(body.giayTo) ? body.giayTo : [body.giayTo];
    const chosen = given.filter((one): one is string => typeof one === "string" && one !== "");
    const pin = fieldText(req, "pin");
    const form = fieldText(req, "form");
    let signed = 0;
    let isLate = false;
    const until = performance.now() + PATIENCE_FOR_ALL;
    try {
      if (chosen.length === 0) throw new Invalid([{ path: "giayTo", message: "Hãy chọn giấy tờ cần ký." }]);
      for (const documentId of chosen) {
        // Each paper by itself: what was signed before one fails stays signed.
        const patience = Math.max(0, until - performance.now());
        const copy = { code, caller, documentId, form, patience, ...(pin === "" ? {} : { pin }) };
        const { status } = await desk.signCopy(copy);
        isLate ||= status === 202;
        signed++;
      }
      res.redirect(303, `/ho-so/${code}?xong=${isLate ? "ban-sao-sau" : "ban-sao"}`);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 500 && problem.status !== 503) throw error;
      const before = signed === 0 ? "" : `Đã ký ${signed} giấy tờ. `;
      await showCopies(deps, desk, req, res, dossier, {
        chosen: chosen.slice(signed),
        form,
        error: before + textOf(problem),
        status: problem.status,
      });
    }
  });
  return router;
}

async function uploadAll(
  deps: Deps,
  desk: DossierDesk,
  req: Request,
  code: string,
  files: Express.Multer.File[],
): Promise<FileAnswer[]> {
  const component = fieldText(req, "component");
  if (files.length === 0 || component === "")
    throw new Invalid([{ path: "file", message: "Hãy chọn tệp và giấy tờ mà tệp thuộc về." }]);
  const caller = staff(req);
  const once = onceOfForm(req, caller.username);
  const answers: FileAnswer[] = [];
  for (const file of files) {
    const name = file.originalname.slice(0, 120);
    try {
      const { body } = await uploadOne(deps, desk, { code, caller, component, file, once });
      const { warnings = [] } = body as { warnings?: { page: number }[] };
      const pages = [...new Set(warnings.map(({ page }) => page))].join(", ");
      answers.push({
        name,
        taken: true,
        text: pages === "" ? "Đã tải lên." : `Đã tải lên; nên quét lại trang ${pages} (mờ, nhỏ hoặc trắng).`,
      });
    } catch (error) {
      const problem = problemOf(error);
      // One file is refused by itself; who may not upload at all is told so once.
      if (problem.status !== 413 && problem.status !== 415 && problem.status !== 422) throw error;
      answers.push({ name, taken: false, text: textOf(problem) });
    }
  }
  return answers;
}

/** The same file of the same form counts once; another file is another upload. */
async function uploadOne(
  deps: Deps,
  desk: DossierDesk,
  given: {
    code: string;
    caller: Caller;
    component: string;
    file: Express.Multer.File;
    once: OnceKey | undefined;
  },
) {
  const { code, caller, component, file, once } = given;
  const own =
    once === undefined ? {} : { once: { ...once, key: `${once.key}-${await desk.hashOf(file.path)}` } };
  return answerOnce(deps, own.once, () =>
    desk.upload({ code, caller, component, path: file.path, fileName: file.originalname, ...own }),
  );
}

function uploadNotice(answers: FileAnswer[]): Notice {
  const taken = answers.filter((one) => one.taken).length;
  return {
    tone: "late",
    text: (
      <>
        <p>
          <strong>
            {taken === 0 ? "Chưa tải được tệp lên." : `Đã tải lên ${taken} trong ${answers.length} tệp.`}
          </strong>
        </p>
        <ul class="plain-list">
          {answers.map(({ name, text }) => (
            <li>
              {name}: {text}
            </li>
          ))}
        </ul>
      </>
    ),
  };
}

function textOf(problem: Problem): string {
  return problem instanceof Invalid && problem.errors.length > 0
    ? problem.errors.map(({ message }) => message).join(" ")
    : problem.publicMessage;
}

async function showAgain(
  deps: Deps,
  desk: DossierDesk,
  req: Request,
  res: Response,
  notice: Notice,
  status: number,
): Promise<void> {
  const dossier = await getDossier(deps, staff(req), plainCode(String(req.params.code)));
  const papers = await desk.papersTold(dossier, staff(req));
  sendPage(res, status, await showDossier(deps, deskOf(req), staff(req), dossier, papers, notice));
}

async function showCopies(
  deps: Deps,
  desk: DossierDesk,
  req: Request,
  res: Response,
  dossier: DossierRecord,
  {
    status = 200,
    ...filled
  }: { chosen: string[] | undefined; form?: string; error?: string; status?: number },
): Promise<void> {
  const { toSign } = await desk.papersTold(dossier, staff(req));
  const papers = dossier.papers.filter(({ id }) => toSign.includes(id));
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const titles = new Map(declaration.documents.map(({ code, title }) => [code, title]));
  sendPage(
    res,
    status,
    <CopyPage
      desk={deskOf(req)}
      dossier={dossier}
      papers={papers.map(({ id, fileName, component }) => ({
        value: String(id),
        label: fileName,
        hint: titles.get(component) ?? "Giấy tờ khác",
      }))}
      forms={desk.copyForms}
      chosen={filled.chosen ?? papers.map(({ id }) => String(id))}
      form={filled.form ?? ""}
      error={filled.error}
    />,
  );
}

function isField(name: string): name is ProposedField {
  return Object.hasOwn(FIELD_NAMES, name);
}

/** The values of a correction's form that a scan proposes, by the address `?deXuat=<document>.<field>`. */
export async function proposedCorrection(
  desk: DossierDesk,
  caller: Caller,
  dossier: DossierRecord,
  named: string | undefined,
): Promise<Record<string, string[]>> {
  const [, id, field] = /^(\d{1,15})\.(name|identity)$/.exec(named ?? "") ?? [];
  if (id === undefined) return {};
  const { readings } = await desk.papersTold(dossier, caller);
  const value = readings.get(Number(id))?.proposals.find((one) => one.field === field)?.value;
  if (value === undefined) return {};
  const reason = ["Theo giấy tờ đã quét"];
  if (field === "name") return { "fields.applicant.name": [value], reason };
  const type = value.length === 12 ? "cccd" : "cmnd";
  return { "fields.applicant.identity.number": [value], "fields.applicant.identity.type": [type], reason };
}
