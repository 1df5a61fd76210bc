import { Router } from "express";
import type { Request, Response } from "express";
import type { VNode } from "preact";
import { fieldChecker } from "../../workflows/schema.ts";
import { ownForm } from "../accounts/page-session.ts";
import type { Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import { onceOfForm, plainCode, staff } from "../dossier/request.ts";
import { shortDate, shortMoment } from "../forms/moments.ts";
import { Invalid, Refused } from "../platform/errors.ts";
import { fieldText } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { Chip } from "../web/chips.tsx";
import { deskOf } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { Button, ButtonLink, ErrorSummary, Form, Select, TextField } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { changeEntry, changeSchema, entriesOfDossier } from "./entries.ts";
import type { EntryChange, StoreEntry } from "./entries.ts";

const checkChange = fieldChecker(changeSchema);

/** `/ho-so/:code/kho`: what a dossier brought into its person's store, and what the papers say of themselves. */
export function personStorePages(deps: Deps): Router {
  const router = Router();
  router.get("/ho-so/:code/kho", (req, res) => show(deps, req, res, 200, {}));
  router.post("/ho-so/:code/kho/:id", ownForm(), async (req, res) => {
    const caller = staff(req);
    const code = plainCode(String(req.params.code));
    const id = String(req.params.id);
    const { change, errors } = changeOf(req);
    if (Object.keys(errors).length > 0) {
      await show(deps, req, res, 422, errors);
      return;
    }
    try {
      await writeOnce(deps, onceOfForm(req, caller.username), async (trx) => ({
        status: 200,
        body: await changeEntry(deps, trx, caller, { code, id }, change),
      }));
      res.redirect(303, `/ho-so/${code}/kho?xong=${change.state === undefined ? "ghi" : "ra"}`);
    } catch (error) {
      if (error instanceof Invalid)
        await show(
          deps,
          req,
          res,
          422,
          Object.fromEntries(error.errors.map((one) => [one.path, one.message])),
        );
      else if (error instanceof Refused) await show(deps, req, res, 409, { "": error.publicMessage });
      else throw error;
    }
  });
  return router;
}

const DONE: Record<string, string> = {
  ghi: "Đã ghi thông tin của giấy tờ.",
  ra: "Đã đưa giấy tờ ra khỏi kho: không ai được chọn dùng lại nữa.",
};

const DAYS = ["issuedOn", "validFrom", "validTo"] as const;

/** A field of one paper's form: the page has a form for each. */
const fieldOf = (name: string, id: string) => `${name}-${id}`;

/** Reads one paper's form; days as people write them, "20/9/2022". */
function changeOf(req: Request): { change: EntryChange; errors: FieldErrors } {
  const text = (name: string) => fieldText(req, fieldOf(name, String(req.params.id))).trim();
  const state = text("state");
  if (state !== "") {
    const reason = text("reason");
    const change = { state: state as "replaced" | "withdrawn", reason };
    return reason === ""
      ? { change, errors: { reason: "Hãy ghi lý do." } }
      : { change, errors: told(change) };
  }
  const errors: Record<string, string> = {};
  const change: Record<string, unknown> = {};
  for (const name of DAYS) {
    const typed = text(name);
    const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(typed);
    if (typed !== "" && parts === null) errors[name] = "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 20/9/2022.";
    const [, day = "", month = "", year = ""] = parts ?? [];
    change[name] = parts === null ? null : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  }
  for (const name of ["number", "issuer"]) change[name] = text(name) || null;
  return { change, errors: { ...told(change), ...errors } };
}

const told = (change: unknown): FieldErrors =>
  Object.fromEntries(checkChange(change).map(({ path, message }) => [path, message]));

async function show(
  deps: Deps,
  req: Request,
  res: Response,
  status: number,
  errors: FieldErrors,
): Promise<void> {
  const code = plainCode(String(req.params.code));
  const caller = staff(req);
  const entries = await entriesOfDossier(deps, caller, code);
  const id = String(req.params.id);
  // The other form of the same paper was not sent: its fields stay as they are kept.
  const body = (req.body ?? {}) as Record<string, unknown>;
  const sent = [...DAYS, "number", "issuer", "state", "reason"].filter((name) => fieldOf(name, id) in body);
  const typed = Object.fromEntries(sent.map((name) => [name, fieldText(req, fieldOf(name, id))]));
  const named = Object.entries(errors).map(
    ([name, text]) => [name === "" ? "" : fieldOf(name, id), text] as const,
  );
  const page = (
    <StorePage
      desk={deskOf(req)}
      code={code}
      entries={entries}
      mayChange={caller.roles.includes("frontdesk")}
      errors={Object.fromEntries(named)}
      wrong={named.length === 0 ? undefined : { id, typed }}
      said={DONE[queryText(req, "xong") ?? ""]}
    />
  );
  sendPage(res, status, page);
}

const STATES = {
  "in-force": { tone: "done", text: "Dùng lại được" },
  replaced: { tone: "plain", text: "Đã thay thế" },
  withdrawn: { tone: "late", text: "Đã thu hồi" },
} as const;

interface Wrong {
  id: string;
  typed: Record<string, string>;
}

function StorePage(props: {
  desk: Desk;
  code: string;
  entries: StoreEntry[];
  mayChange: boolean;
  errors: FieldErrors;
  wrong: Wrong | undefined;
  said: string | undefined;
}): VNode {
  const { desk, code, entries, mayChange, errors, wrong, said } = props;
  return (
    <DeskPage
      desk={desk}
      title={`Giấy tờ trong kho – hồ sơ ${code}`}
      heading="Giấy tờ trong kho dữ liệu điện tử"
      action={<ButtonLink href={`/ho-so/${code}`}>Về hồ sơ</ButtonLink>}
      notice={said === undefined ? undefined : { tone: "done", text: said }}
    >
      <p>
        Hồ sơ <strong>{code}</strong>: bản quét sau khi hoàn thành số hóa và kết quả đã đóng dấu được lưu vào
        kho của người nộp, để hồ sơ sau không phải nộp lại. Ghi số, ngày và thời hạn theo đúng giấy tờ; giấy
        hết hiệu lực tự động không được dùng lại.
      </p>
      <ErrorSummary errors={errors} title="Chưa ghi được, hãy xem lại" />
      {entries.length === 0 && (
        <div class="card">
          <p>Chưa có giấy tờ nào của hồ sơ này trong kho.</p>
        </div>
      )}
      {entries.map((entry) => (
        <Entry
          desk={desk}
          code={code}
          entry={entry}
          mayChange={mayChange}
          errors={wrong?.id === entry.id ? errors : {}}
          typed={wrong?.id === entry.id ? wrong.typed : undefined}
        />
      ))}
    </DeskPage>
  );
}

function Entry(props: {
  desk: Desk;
  code: string;
  entry: StoreEntry;
  mayChange: boolean;
  errors: FieldErrors;
  typed: Record<string, string> | undefined;
}): VNode {
  const { desk, code, entry, mayChange, errors, typed } = props;
  const action = `/ho-so/${code}/kho/${entry.id}`;
  const day = (iso: string | null) => (iso === null ? "" : shortDate(new Date(`${iso}T12:00:00+07:00`)));
  const field = (name: string, kept: string) => ({
    name: fieldOf(name, entry.id),
    value: typed?.[name] ?? kept,
    error: errors[fieldOf(name, entry.id)],
  });
  const heading = `giay-${entry.id}`;
  return (
    <section class="card store-entry" aria-labelledby={heading}>
      <h2 id={heading}>
        {entry.title} <Chip {...STATES[entry.state]} />
      </h2>
      <p class="muted">
        {entry.source === "result" ? "Kết quả điện tử" : `Bản quét, thành phần ${entry.component}`} · vào kho{" "}
        {shortMoment(new Date(entry.digitizedAt))} · {entry.digitizedBy} · đã dùng lại trong {entry.uses} hồ
        sơ
        {entry.reason !== null && ` · ${entry.reason}`}
      </p>
      {entry.state === "in-force" && mayChange ? (
        <>
          <Form desk={desk} action={action}>
            <div class="triple">
              <TextField {...field("number", entry.number ?? "")} label="Số, ký hiệu" maxLength={100} />
              <TextField {...field("issuedOn", day(entry.issuedOn))} label="Ngày cấp" maxLength={10} />
              <TextField {...field("issuer", entry.issuer ?? "")} label="Cơ quan cấp" maxLength={300} />
            </div>
            <div class="triple">
              <TextField {...field("validFrom", day(entry.validFrom))} label="Hiệu lực từ" maxLength={10} />
              <TextField
                {...field("validTo", day(entry.validTo))}
                label="Hiệu lực đến (để trống nếu không ghi thời hạn)"
                maxLength={10}
              />
            </div>
            <Button kind="second">Ghi thông tin</Button>
          </Form>
          <details {...(errors[fieldOf("reason", entry.id)] === undefined ? {} : { open: true })}>
            <summary>Đưa giấy tờ này ra khỏi kho</summary>
            <Form desk={desk} action={action}>
              <Select
                {...field("state", "withdrawn")}
                label="Vì"
                choices={[
                  { value: "withdrawn", label: "Giấy tờ bị thu hồi, hoặc bản quét sai" },
                  { value: "replaced", label: "Đã có giấy tờ mới thay thế" },
                ]}
              />
              <TextField {...field("reason", "")} label="Lý do" maxLength={500} />
              <Button kind="warning">Đưa ra khỏi kho</Button>
            </Form>
          </details>
        </>
      ) : (
        <p>
          {[
            entry.number === null ? "không ghi số" : `số ${entry.number}`,
            ...(entry.issuedOn === null ? [] : [`ngày ${day(entry.issuedOn)}`]),
            ...(entry.issuer === null ? [] : [entry.issuer]),
            entry.validTo === null ? "không ghi thời hạn" : `hiệu lực đến ${day(entry.validTo)}`,
          ].join(", ")}
        </p>
      )}
    </section>
  );
}
