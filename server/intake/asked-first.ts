import type { Declaration } from "../../workflows/declaration.ts";
import type { FieldErrors } from "../web/form.tsx";
import { caseOf, isForAnother } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

type Path = "applicant" | "owner";

/** The box by which the officer confirms that a person with a tax code is no company. */
export function confirmationOf(path: Path): string {
  return `_caNhan.${path}`;
}

/** Whether a tax code stands beside "citizen": a company as a rule, but a household business has one too. */
export function isCitizenWithTaxCode(typed: Typed, path: Path): boolean {
  return typed[`${path}.identity.type`] === "taxCode" && (typed[`${path}.kind`] ?? "citizen") === "citizen";
}

/** What the officer has to choose or confirm before the form is filed, by the field; empty when all is clear. */
export function askedFirst(typed: Typed, declaration: Declaration | undefined): FieldErrors {
  const cases = declaration?.cases ?? [];
  return {
    ...(cases.length > 0 && caseOf(typed) === null ? { case: "Hãy chọn trường hợp của thủ tục." } : {}),
    ...askedOfKinds(typed),
  };
}

function askedOfKinds(typed: Typed): FieldErrors {
  const paths: Path[] = isForAnother(typed) ? ["applicant", "owner"] : ["applicant"];
  return Object.fromEntries(
    paths
      .filter((path) => isCitizenWithTaxCode(typed, path) && typed[confirmationOf(path)] !== "co")
      .map((path) => [`${path}.kind`, WORDS[path]]),
  );
}

const WORDS: Record<Path, string> = {
  applicant:
    "Giấy tờ là mã số thuế mà người nộp đang ghi là Công dân: hãy chọn Doanh nghiệp, hoặc xác nhận là cá nhân, hộ kinh doanh.",
  owner:
    "Giấy tờ là mã số thuế mà chủ hồ sơ đang ghi là Công dân: hãy chọn Doanh nghiệp, hoặc xác nhận là cá nhân, hộ kinh doanh.",
};
