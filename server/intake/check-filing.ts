import { checklist, limitFor } from "../../workflows/declaration.ts";
import type { Declaration } from "../../workflows/declaration.ts";
import type { FieldError } from "../../workflows/schema.ts";
import { chartTierOf } from "../catalogue/agencies.ts";
import { CENTRE, CHAIR } from "../catalogue/units.ts";
import type { Agencies, Agency } from "../catalogue/units.ts";
import type { Deps } from "../dossier/deps.ts";
import type { Filing } from "../dossier/open-dossier.ts";
import { Invalid, NotAllowed } from "../platform/errors.ts";
import type { Application } from "./application.ts";

/** What an application turns out to be once the procedure's declaration has been asked. */
export type Checked = Pick<
  Filing,
  | "versionId"
  | "procedureCode"
  | "case"
  | "tier"
  | "places"
  | "channel"
  | "returnMethod"
  | "received"
  | "limit"
  | "limitFrom"
>;

/**
 * Checks an application against the declaration in force: the procedure exists, the agency decides it, the channel
 * is offered, the case and the papers are its own. `intake` is the unit that receives.
 * Throws Invalid with every field that is wrong.
 */
export function checkFiling(
  deps: Deps,
  application: Application,
  intakeFor: (deciding: Agency, declaration: Declaration) => string,
): Checked {
  const version = deps.catalogue.current(application.procedureCode);
  if (version === undefined)
    throw fieldError("procedureCode", "Không có thủ tục mang mã này.", "unknown-procedure");
  const agency = deps.agencies.get(application.agencyCode);
  if (agency === undefined) throw fieldError("agencyCode", "Không có đơn vị mang mã này.", "unknown-agency");
  const { declaration } = version;
  const tier = chartTierOf(declaration, agency);
  if (tier === undefined)
    throw fieldError(
      "agencyCode",
      `${agency.name} không có thẩm quyền giải quyết thủ tục này.`,
      "agency-not-competent",
    );
  if (declaration.applicability === "no-local-case")
    throw fieldError(
      "procedureCode",
      "Thủ tục này không phát sinh tại Hậu Giang (tỉnh không có biển, không có biên giới đất liền).",
      "no-local-case",
    );
  const errors = [
    ...channelErrors(declaration, application.channel),
    ...caseErrors(declaration, application.case ?? null),
    ...paperErrors(declaration, application),
  ];
  if (errors.length > 0)
    throw new Invalid(errors, undefined, errors[0]?.path === "channel" ? "channel-not-offered" : "invalid");
  const intake = intakeFor(agency, declaration);
  const limit = limitFor(declaration, application.case ?? null, application.channel);
  return {
    versionId: version.id,
    procedureCode: version.code,
    case: application.case ?? null,
    tier,
    places: placesOf(deps.agencies, agency, intake),
    channel: application.channel,
    returnMethod: application.returnMethod,
    received: receivedOf(application),
    limit: limit === null ? null : { value: limit.value, unit: limit.unit },
    limitFrom: limit === null ? "unknown" : declaration.limitFrom,
  };
}

function fieldError(path: string, message: string, code: string): Invalid {
  return new Invalid([{ path, message }], message, code);
}

function channelErrors(declaration: Declaration, channel: Application["channel"]): FieldError[] {
  // The counter helps everybody, with procedures filed online too (NĐ 118/2025): it is always open.
  if (channel === "counter") return [];
  if (!declaration.channels.includes(channel))
    return [
      {
        path: "channel",
        message:
          channel === "online"
            ? "Thủ tục này chưa nhận hồ sơ trực tuyến."
            : "Thủ tục này không nhận hồ sơ qua dịch vụ bưu chính công ích.",
      },
    ];
  if (channel === "online" && declaration.onlineLevel === 2)
    return [
      {
        path: "channel",
        message:
          "Thủ tục ở mức độ 2: chỉ cung cấp biểu mẫu, chưa nhận hồ sơ trực tuyến. Hãy nộp tại bộ phận Một cửa.",
      },
    ];
  return [];
}

function caseErrors(declaration: Declaration, chosen: string | null): FieldError[] {
  const codes = declaration.cases.map(({ code }) => code);
  if (chosen === null)
    return codes.length === 0
      ? []
      : [{ path: "case", message: `Hãy chọn trường hợp của thủ tục: ${codes.join(", ")}.` }];
  return codes.includes(chosen) ? [] : [{ path: "case", message: "Thủ tục không có trường hợp này." }];
}

function paperErrors(declaration: Declaration, application: Application): FieldError[] {
  const papers = checklist(declaration, application.case ?? null).filter(({ kind }) => kind !== "heading");
  const known = new Set(papers.map(({ code }) => code));
  const seen = new Set<string>();
  return application.documents.flatMap(({ code }, at) => {
    const path = `documents.${at}.code`;
    if (!known.has(code)) return [{ path, message: "Giấy tờ này không thuộc thành phần hồ sơ của thủ tục." }];
    if (seen.has(code)) return [{ path, message: "Giấy tờ này được ghi hai lần." }];
    seen.add(code);
    return [];
  });
}

function receivedOf(application: Application): Filing["received"] {
  return Object.fromEntries(
    application.documents
      // A line with no piece at all says that the paper was not received.
      .filter(({ originals, copies }) => (originals ?? 1) + (copies ?? 0) > 0)
      .map(({ code, originals, copies }) => [
        code,
        { originals: originals ?? (copies === undefined ? 1 : 0), copies: copies ?? 0 },
      ]),
  );
}

function placesOf(agencies: Agencies, agency: Agency, intake: string): Filing["places"] {
  const receiving = agencies.get(intake);
  return {
    intake,
    deciding: agency.code,
    processing: intake,
    superior: receiving?.kind === "commune" ? receiving.parent : null,
    chair: CHAIR,
  };
}

/**
 * The units whose front desk may file for a deciding agency: the agency itself, the centre for every department, and
 * in process f a lower tier for its higher.
 */
export function mayReceive(declaration: Declaration, deciding: Agency, unit: Agency): boolean {
  const tier = chartTierOf(declaration, deciding);
  const chain = tier === undefined ? undefined : declaration.charts[tier]?.chain;
  if (chain?.[0] === "intake" && chain.length > 1)
    return declaration.levels.includes(unit.level) && isLower(unit, deciding);
  if (unit.code === deciding.code) return true;
  return unit.code === CENTRE && deciding.kind === "department";
}

function isLower(unit: Agency, deciding: Agency): boolean {
  if (unit.kind !== "district" && unit.kind !== "commune") return false;
  if (deciding.kind === "department" || deciding.kind === "centre") return true;
  return deciding.kind === "district" && unit.parent === deciding.code;
}

/** Throws NotAllowed when this unit's front desk does not receive for the deciding agency. */
export function assertMayReceive(
  deps: Deps,
  declaration: Declaration,
  deciding: Agency,
  unitCode: string | null,
): void {
  const unit = unitCode === null ? undefined : deps.agencies.get(unitCode);
  if (unit === undefined || !mayReceive(declaration, deciding, unit))
    throw new NotAllowed(
      "not-receiving-for-agency",
      `Đơn vị của bạn không tiếp nhận hồ sơ này thay cho ${deciding.name}.`,
    );
}
