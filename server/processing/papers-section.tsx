import type { VNode } from "preact";
import type { DossierRecord, Paper } from "../dossier/record.ts";
import { fold } from "../dossier/search-text.ts";
import { momentInProse } from "../web/dates.ts";
import { Chip } from "../web/chips.tsx";
import type { Desk } from "../web/desk.ts";
import { Button, ButtonLink, Form, Select } from "../web/form.tsx";
import { Section } from "./section.tsx";

export type ProposedField = "name" | "identity" | "birth" | "number" | "date";

/** How far one paper was read, and what was proposed from it. */
export interface PaperReading {
  state: "queued" | "running" | "done" | "failed" | "none";
  noRecogniser: boolean;
  warnings: { code: "low-resolution" | "blank-page"; page: number }[];
  hasPdf: boolean;
  hasSearchable: boolean;
  proposals: { field: ProposedField; value: string; decision: "used" | "dropped" | null }[];
}

/** The electronic copy of one paper, signed. */
export interface PaperCopy {
  formName: string;
  signedBy: string;
  signedAt: Date;
}

/** All that other desks know of a dossier's papers, by the document's id. */
export interface PapersTold {
  readings: ReadonlyMap<number, PaperReading>;
  copies: ReadonlyMap<number, PaperCopy>;
  /** Copies whose signing is under way, or came to nothing the last time. */
  attempts: ReadonlyMap<number, { running: boolean; startedAt: Date; reason: string }>;
  /** Papers whose copy this officer may sign now. */
  toSign: readonly number[];
}

export interface PapersProps {
  desk: Desk;
  dossier: DossierRecord;
  received: readonly { code: string; originals: number; copies: number }[];
  /** The papers of the checklist and what else may be attached. */
  components: { value: string; label: string }[];
  mayUpload: boolean;
  mayCorrect: boolean;
  told: PapersTold;
}

/** The papers of a dossier: what was received, the scans with what was read in them, their copies, and the upload. */
export function PapersSection(props: PapersProps): VNode {
  const { desk, dossier, components, mayUpload, told } = props;
  const named = new Map(components.map(({ value, label }) => [value, label]));
  const received = new Map(props.received.map((one) => [one.code, one]));
  const codes = [...new Set([...received.keys(), ...dossier.papers.map(({ component }) => component)])];
  return (
    <Section id="giay-to" title="Giấy tờ">
      {codes.length === 0 ? (
        <p class="muted">Hồ sơ chưa có giấy tờ nào.</p>
      ) : (
        <ul class="plain-list papers">
          {codes.map((code) => {
            const count = received.get(code);
            return (
              <li>
                <p>
                  {named.get(code) ?? code}
                  {count !== undefined && (
                    <span class="muted"> · {countWords(count.originals, count.copies)}</span>
                  )}
                </p>
                {dossier.papers
                  .filter(({ component }) => component === code)
                  .map((paper) => (
                    <OnePaper {...props} paper={paper} />
                  ))}
              </li>
            );
          })}
        </ul>
      )}
      {told.toSign.length > 1 && (
        <p>
          <ButtonLink href={`/ho-so/${dossier.code}/ban-sao`}>
            Ký bản sao điện tử cho {told.toSign.length} giấy tờ
          </ButtonLink>
        </p>
      )}
      {mayUpload && (
        <details class="upload">
          <summary data-key="F4" aria-keyshortcuts="F4">
            Tải tệp lên <kbd aria-hidden="true">F4</kbd>
          </summary>
          <UploadForm desk={desk} code={dossier.code} components={components} />
        </details>
      )}
    </Section>
  );
}

function UploadForm({
  desk,
  code,
  components,
}: {
  desk: Desk;
  code: string;
  components: PapersProps["components"];
}): VNode {
  return (
    <Form desk={desk} action={`/ho-so/${code}/giay-to`} class="upload-form" files>
      <Select name="component" label="Thuộc giấy tờ" choices={components} />
      <div class="govuk-form-group drop">
        <label class="govuk-label" for="file">
          Tệp quét
        </label>
        <div id="file-hint" class="govuk-hint">
          PDF, JPEG, PNG hoặc TIFF, mỗi tệp tối đa 50 MB. Chọn được nhiều tệp.
        </div>
        <input
          class="govuk-input"
          id="file"
          name="file"
          type="file"
          multiple
          accept=".pdf,.jpg,.jpeg,.png,.tif,.tiff"
          aria-describedby="file-hint"
        />
      </div>
      <ul class="plain-list upload-list" aria-live="polite" hidden></ul>
      <Button kind="second">Tải lên</Button>
    </Form>
  );
}

const WARNINGS = {
  "low-resolution": "ảnh mờ hoặc nhỏ, dưới 200 dpi",
  "blank-page": "trang trắng",
};

function OnePaper(props: PapersProps & { paper: Paper }): VNode {
  const { dossier, told, paper } = props;
  const { id, fileName, pages, size, mediaType } = paper;
  const address = `/ho-so/${dossier.code}/giay-to/${id}`;
  const reading = told.readings.get(id);
  const copy = told.copies.get(id);
  const attempt = copy === undefined ? told.attempts.get(id) : undefined;
  return (
    <div class="file">
      <p>
        <a href={address}>{fileName}</a>
        <span class="muted">
          {" "}
          {pages} trang, {sizeWords(size)}
        </span>
      </p>
      <p class="muted file-more">
        {reading?.hasPdf === true && mediaType !== "application/pdf" && (
          <>
            <a href={`${address}?copy=pdf`}>Bản PDF</a>{" "}
          </>
        )}
        {reading?.hasSearchable === true && (
          <>
            <a href={`${address}?copy=searchable`}>Bản tìm được chữ</a>{" "}
          </>
        )}
        {reading !== undefined && readingWords(reading)}
      </p>
      {reading?.warnings.map(({ code, page }) => (
        <p>
          <Chip tone="soon" text="Nên quét lại" /> Trang {page}: {WARNINGS[code]}.
        </p>
      ))}
      {copy !== undefined && (
        <p>
          <Chip tone="done" text="Đã ký số" />{" "}
          <a href={`${address}?copy=signed`}>Bản sao điện tử ({copy.formName.toLowerCase()})</a>
          <span class="muted">
            {" "}
            {copy.signedBy}, {momentInProse(copy.signedAt.toISOString())}
          </span>
        </p>
      )}
      {attempt !== undefined && (
        <p>
          <Chip
            tone={attempt.running ? "soon" : "late"}
            text={attempt.running ? "Đang ký bản sao" : "Ký bản sao không thành"}
          />{" "}
          {attempt.running ? "từ" : "lúc"} {momentInProse(attempt.startedAt.toISOString())}
          {attempt.running ? ", sẽ tự hoàn tất." : `: ${attempt.reason}.`}
        </p>
      )}
      {told.toSign.includes(id) && (
        <p>
          <a href={`/ho-so/${dossier.code}/ban-sao?giayTo=${id}`}>
            Ký bản sao điện tử<span class="hidden-label"> của {fileName}</span>
          </a>
        </p>
      )}
      {reading !== undefined && <Proposals {...props} reading={reading} />}
    </div>
  );
}

function readingWords({ state, noRecogniser }: PaperReading): string {
  if (noRecogniser) return "Chưa đọc chữ: máy chủ không có bộ nhận dạng.";
  if (state === "queued") return "Đang chờ nhận dạng chữ.";
  if (state === "running") return "Đang nhận dạng chữ…";
  return state === "failed" ? "Không nhận dạng được chữ." : "";
}

export const FIELD_NAMES: Record<ProposedField, string> = {
  name: "Họ tên",
  identity: "Số định danh, CCCD/CMND",
  birth: "Ngày sinh",
  number: "Số giấy tờ",
  date: "Ngày giấy tờ",
};

/** What was read and an officer may use: never by itself. */
function Proposals({
  desk,
  dossier,
  mayCorrect,
  mayUpload,
  reading,
  paper,
}: PapersProps & { reading: PaperReading; paper: Paper }): VNode | null {
  const shown = reading.proposals.filter(({ decision }) => decision !== "dropped");
  if (shown.length === 0) return null;
  return (
    <details class="proposals">
      <summary>Đề xuất từ bản quét ({shown.length})</summary>
      <dl class="about">
        {shown.map(({ field, value, decision }) => {
          const compared = compare(dossier, field, value);
          const isOfRecord = field === "name" || field === "identity";
          const mayUse =
            decision === null && (isOfRecord ? mayCorrect && !compared.same : mayUpload || mayCorrect);
          return (
            <div>
              <dt>{FIELD_NAMES[field]}</dt>
              <dd>
                <span class={field === "name" ? undefined : "figures"}>{inWords(value)}</span>{" "}
                {compared.same && <Chip tone="done" text="khớp hồ sơ" />}
                {!compared.same && compared.words !== "" && <span class="muted">{compared.words}</span>}
                {decision === "used" && <Chip tone="done" text="đã dùng" />}
                {mayUse && (
                  <Form desk={desk} action={`/ho-so/${dossier.code}/de-xuat`} class="inline-form">
                    <input type="hidden" name="giayTo" value={String(paper.id)} />
                    <input type="hidden" name="truong" value={field} />
                    <button type="submit" class="second small" name="quyetDinh" value="dung">
                      Dùng<span class="hidden-label"> {FIELD_NAMES[field]}</span>
                    </button>{" "}
                    <button type="submit" class="second small" name="quyetDinh" value="bo">
                      Bỏ<span class="hidden-label"> {FIELD_NAMES[field]}</span>
                    </button>
                  </Form>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

/** A date as people write it. */
const inWords = (value: string) =>
  /^\d{4}-\d\d-\d\d$/.test(value) ? value.split("-").reverse().join("/") : value;

/** How a proposed value stands to what is on record of applicant and owner. */
function compare({ people }: DossierRecord, field: ProposedField, value: string) {
  const persons = people.owner === null ? [people.applicant] : [people.applicant, people.owner];
  if (field === "identity") {
    const same = persons.some(({ identity }) => identity.number === value);
    return { same, words: same ? "" : `Hồ sơ: ${people.applicant.identity.number}.` };
  }
  if (field !== "name") return { same: false, words: "" };
  const plain = (name: string) => name.normalize("NFC").toLocaleLowerCase("vi").replace(/\s+/g, " ").trim();
  const same = persons.some(({ name }) => plain(name) === plain(value));
  const alike = persons.find(({ name }) => fold(name) === fold(value));
  if (same) return { same, words: "" };
  return {
    same,
    words: alike === undefined ? `Hồ sơ: ${people.applicant.name}.` : `Hồ sơ: ${alike.name}, chỉ khác dấu.`,
  };
}

function countWords(originals: number, copies: number): string {
  const words = [originals > 0 ? `${originals} bản chính` : "", copies > 0 ? `${copies} bản sao` : ""];
  return words.filter((one) => one !== "").join(", ") || "đã xem";
}

export function sizeWords(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000))} kB`
    : `${(bytes / 1_000_000).toFixed(1).replace(".", ",")} MB`;
}
