import type { DocumentDeclaration } from "../../workflows/declaration.ts";
import type { FieldError } from "../../workflows/schema.ts";
import type { FieldErrors } from "../web/form.tsx";

/** The fields of the receiving form by name, as typed; what belongs to the page itself begins with "_". */
export type Typed = Readonly<Record<string, string>>;

/** Reads a posted form. A ticked paper is a field of its own, `paper.<code>`. */
export function typedOf(body: unknown): Typed {
  return Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).flatMap(([name, value]) => {
      const one = Array.isArray(value) ? (value as unknown[]).at(-1) : value;
      return typeof one === "string" && name !== "_csrf" && name !== "_nguoi" ? [[name, one.trim()]] : [];
    }),
  );
}

/** The application that a form means; empty fields are not given. */
export function applicationOf(
  typed: Typed,
  papers: readonly DocumentDeclaration[],
  accept: boolean,
): unknown {
  const owner = isForAnother(typed) ? personOf(typed, "owner") : undefined;
  const reused = reusedPapers(typed, papers);
  return pruned({
    procedureCode: typed.procedureCode,
    case: typed.case === "" ? null : (typed.case ?? null),
    agencyCode: typed.agencyCode,
    channel: typed.channel === "postal" ? "postal" : "counter",
    applicant: personOf(typed, "applicant"),
    owner,
    authorisation: owner === undefined ? undefined : typed.authorisation,
    documents: papers
      .filter(({ code }) => typed[`paper.${code}`] === "co" && !reused.some((one) => one.code === code))
      .map(({ code }) => ({
        code,
        originals: count(typed, code, "originals"),
        copies: count(typed, code, "copies"),
      })),
    returnMethod: typed.returnMethod ?? "counter",
    note: noteOf(typed),
    accept,
    reuse:
      reused.length === 0 ? undefined : { consent: true, present: typed.khoCoMat === "co", papers: reused },
  });
}

/** Whether the holder has agreed to a search in his store; another number is another person, who was not asked. */
export function isStoreOpen(typed: Typed): boolean {
  const number = holderNumber(typed);
  return typed.kho === "co" && number !== "" && typed.khoSo === number;
}

/** The number of whose papers they are: the owner's where the applicant acts for somebody. */
export function holderNumber(typed: Typed): string {
  return plainNumber(typed, isForAnother(typed) ? "owner" : "applicant");
}

/** The papers of the store that were chosen for components. */
function reusedPapers(typed: Typed, papers: readonly DocumentDeclaration[]) {
  if (!isStoreOpen(typed)) return [];
  return papers.flatMap(({ code }) => {
    const entry = typed[`dung.${code}`] ?? "";
    return entry === "" ? [] : [{ code, entry }];
  });
}

/** The applicant's number as it is stored: without the blanks and dots that people read it with. */
export function plainNumber(typed: Typed, path = "applicant"): string {
  return (typed[`${path}.identity.number`] ?? "").replace(/[\s.]/g, "");
}

/** Whether the person's data came from an earlier dossier with his consent; another number is another person. */
export function isFilledIn(typed: Typed): boolean {
  return (typed.tuHoSo ?? "") !== "" && typed.tuSo === plainNumber(typed);
}

/** Whoever filled in anything of an owner means one, ticked or not: nothing typed is dropped. */
export function isForAnother(typed: Typed): boolean {
  const fields = ["owner.name", "owner.identity.number", "owner.phone", "authorisation"];
  return typed.thay === "co" || fields.some((name) => (typed[name] ?? "") !== "");
}

/** The reuse of what an earlier dossier knew is noted with the person's consent. */
function noteOf(typed: Typed): string {
  const consent = !isFilledIn(typed)
    ? ""
    : `Người nộp đồng ý dùng lại thông tin cá nhân từ hồ sơ ${typed.tuHoSo ?? ""}.`;
  return [typed.note ?? "", consent].filter((part) => part !== "").join("\n");
}

function personOf(typed: Typed, path: string) {
  const field = (name: string) => typed[`${path}.${name}`];
  return {
    kind: field("kind") ?? "citizen",
    name: field("name") ?? "",
    identity: {
      type: field("identity.type") ?? "cccd",
      number: plainNumber(typed, path),
    },
    phone: field("phone") ?? "",
    email: field("email"),
    address: {
      province: field("address.province"),
      district: field("address.district"),
      commune: field("address.commune"),
      street: field("address.street"),
    },
  };
}

/** A number of pieces; what is no number is left for the check to refuse. */
function count(typed: Typed, code: string, kind: "originals" | "copies"): number | string {
  const text = typed[`paper.${code}.${kind}`] ?? "";
  if (text === "") return 0;
  return /^\d{1,3}$/.test(text) ? Number(text) : text;
}

/** Without what is undefined or blank: an empty field was not filled in. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => one !== undefined && (one !== "" || REQUIRED_TEXTS.has(name)))
      .map(([name, one]) => [name, pruned(one)]),
  );
}

/** Blank where something must stand: the check says so, instead of "is missing". */
const REQUIRED_TEXTS = new Set(["name", "number", "phone", "procedureCode", "agencyCode"]);

const SAID: Record<string, string> = {
  name: "Hãy nhập họ và tên.",
  "identity.number": "Hãy nhập số định danh.",
  phone: "Hãy nhập số điện thoại.",
  "address.province": "Hãy nhập tỉnh, thành phố.",
  "address.commune": "Hãy nhập xã, phường hoặc thị trấn.",
};

/** What the check found, by the form's fields; a paper's line by its code. */
export function fieldErrors(
  errors: readonly FieldError[],
  typed: Typed,
  codes: readonly string[],
  reusedCodes: readonly string[] = [],
): FieldErrors {
  const told: Record<string, string> = {};
  for (const { path, message } of errors) {
    const paper = /^documents\.(\d+)(?:\.|$)/.exec(path);
    const again = /^reuse\.papers\.(\d+)\./.exec(path);
    const name =
      paper !== null
        ? `paper.${codes[Number(paper[1])] ?? ""}`
        : again !== null
          ? `dung.${reusedCodes[Number(again[1])] ?? ""}`
          : path;
    const short = name.replace(/^(applicant|owner)\./, "");
    const blank = (typed[name] ?? "") === "";
    told[name] ??= blank && SAID[short] !== undefined ? SAID[short] : message;
  }
  return told;
}

/** What is blank was not given. */
export function given(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/** The case of the procedure; null where none is chosen. */
export function caseOf(typed: Typed): string | null {
  return given(typed.case) ?? null;
}
