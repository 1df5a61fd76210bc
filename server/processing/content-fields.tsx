import type { VNode } from "preact";
import { Select, TextArea, TextField } from "../web/form.tsx";
import { correctableValues } from "./correctable.ts";
import { correctedName, IDENTITY_TYPES, PERSON_KINDS, RETURN_METHODS } from "./dossier-words.ts";
import { choicesOf } from "./filling.ts";
import type { Filling } from "./filling.ts";
import { fieldsBelow, textIn } from "./typed-form.ts";

/** The parts of a result, each with its name. */
export function Draft({ typed, errors }: Pick<Filling, "typed" | "errors">): VNode {
  const filled = Math.max(
    fieldsBelow(typed, "fields.text.").length,
    fieldsBelow(typed, "fields.name.").filter(([, name]) => name !== "").length,
  );
  const rows = Array.from({ length: Math.max(3, filled + 1) }, (_, at) => at + 1);
  return (
    <fieldset class="group">
      <legend>Nội dung dự thảo</legend>
      <p class="hint">
        Mỗi mục gồm tên mục và nội dung, in lên văn bản kết quả theo thứ tự này; mục để trống nội dung không
        được in. Mục “Căn cứ” được in thành căn cứ pháp lý, mỗi dòng một căn cứ.
      </p>
      {rows.map((n) => (
        <div class="draft-row">
          <TextField name={`fields.name.${n}`} label={`Mục ${n}`} value={textIn(typed, `fields.name.${n}`)} />
          <TextArea
            name={`fields.text.${n}`}
            label={`Nội dung mục ${n}`}
            rows={2}
            value={textIn(typed, `fields.text.${n}`)}
            error={errors[`fields.text.${n}`]}
          />
        </div>
      ))}
    </fieldset>
  );
}

/** What may be corrected, as it stands. */
export function Corrections({ filling: { dossier, typed, errors } }: { filling: Filling }): VNode {
  const values = correctableValues(dossier);
  const parts = [
    { title: "Người nộp hồ sơ", start: "applicant." },
    { title: "Chủ hồ sơ", start: "owner." },
    { title: "Hồ sơ", start: "" },
  ];
  const rest = new Set(values.map(({ path }) => path));
  return (
    <>
      <p class="hint">
        Chỉ sửa ô sai; ô để nguyên thì không đổi. Nội dung trước và sau khi sửa được ghi vào lịch sử.
      </p>
      {parts.map(({ title, start }) => {
        const own = values.filter(({ path }) => rest.has(path) && path.startsWith(start));
        own.forEach(({ path }) => rest.delete(path));
        return own.length === 0 ? null : (
          <fieldset class="group">
            <legend>{title}</legend>
            <div class="field-grid">
              {own.map(({ path }) => (
                <CorrectedField
                  path={path}
                  value={textIn(typed, `fields.${path}`)}
                  error={errors[`fields.${path}`]}
                />
              ))}
            </div>
          </fieldset>
        );
      })}
    </>
  );
}

function CorrectedField(field: { path: string; value: string; error: string | undefined }): VNode {
  const { path, value, error } = field;
  const words = path.endsWith(".kind")
    ? PERSON_KINDS
    : path.endsWith("identity.type")
      ? IDENTITY_TYPES
      : path === "returnMethod"
        ? RETURN_METHODS
        : undefined;
  const same = { name: `fields.${path}`, label: correctedName(path), value, error };
  return words === undefined ? <TextField {...same} /> : <Select {...same} choices={choicesOf(words)} />;
}
