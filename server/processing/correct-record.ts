import type { Payload } from "../../workflows/rules.ts";
import { canonical } from "../dossier/history.ts";
import type { DossierRecord, People } from "../dossier/record.ts";
import { personErrors, tidyName } from "../dossier/person.ts";
import { Invalid } from "../platform/errors.ts";

interface FieldChange {
  path: string;
  before: unknown;
  after: unknown;
}

const PERSON_FIELDS = [
  "kind",
  "name",
  "identity.type",
  "identity.number",
  "phone",
  "email",
  "address.province",
  "address.district",
  "address.commune",
  "address.street",
];
const CORRECTABLE = new Set([
  ...PERSON_FIELDS.flatMap((field) => [`applicant.${field}`, `owner.${field}`]),
  "authorisation",
  "note",
  "returnMethod",
]);

/**
 * Applies a correction to what is recorded about people: each field with its value before, which must be the one on
 * record, and after. Never the procedure or the code. Throws Invalid naming each field that does not fit.
 */
export function correction(payload: Payload) {
  return (dossier: DossierRecord): { people: People; returnMethod: DossierRecord["returnMethod"] } => {
    const changes = (payload.fields ?? []) as FieldChange[];
    const record = structuredClone({ ...dossier.people, returnMethod: dossier.returnMethod }) as Record<
      string,
      unknown
    >;
    const before = canonical(record);
    const errors = changes.flatMap((change, at) => apply(record, change, `fields.${at}`));
    if (errors.length === 0 && payload.limit === undefined && canonical(record) === before)
      errors.push({ path: "fields", message: "Nội dung sau không khác nội dung trước." });
    const { returnMethod, ...people } = record as unknown as People & Pick<DossierRecord, "returnMethod">;
    if (errors.length === 0) {
      errors.push(...personErrors(people.applicant, "applicant"));
      if (people.owner !== null) errors.push(...personErrors(people.owner, "owner"));
      if (!["counter", "postal", "online"].includes(returnMethod))
        errors.push({ path: "returnMethod", message: "Chỉ nhận: counter, postal, online." });
      if (typeof people.note !== "string" || people.note.length > 2000)
        errors.push({ path: "note", message: "Ghi chú dài quá 2000 ký tự." });
      if (people.authorisation !== null && typeof people.authorisation !== "string")
        errors.push({ path: "authorisation", message: "Sai kiểu dữ liệu." });
    }
    if (errors.length > 0) throw new Invalid(errors);
    return { people, returnMethod };
  };
}

function apply(record: Record<string, unknown>, change: FieldChange, path: string) {
  if (!CORRECTABLE.has(change.path))
    return [{ path: `${path}.path`, message: "Nội dung này không sửa được bằng sửa sai sót." }];
  const names = change.path.split(".");
  const last = names.pop() ?? "";
  let place: unknown = record;
  for (const name of names) place = (place as Record<string, unknown> | null)?.[name];
  if (place === null || typeof place !== "object")
    return [{ path: `${path}.path`, message: "Hồ sơ không có nội dung này." }];
  const holder = place as Record<string, unknown>;
  if (canonical(holder[last] ?? null) !== canonical(change.before ?? null))
    return [{ path: `${path}.before`, message: "Giá trị trước khi sửa không khớp với giá trị đang lưu." }];
  if (change.after === null || change.after === "") {
    // Old records may lack it; one that has it keeps it.
    if (change.path.endsWith("address.commune"))
      return [{ path: `${path}.after`, message: "Bắt buộc phải có." }];
    if (last === "note") holder[last] = "";
    else if (last === "authorisation") holder[last] = null;
    else Reflect.deleteProperty(holder, last);
  } else
    holder[last] =
      last === "name" && typeof change.after === "string" ? tidyName(change.after) : change.after;
  return [];
}
