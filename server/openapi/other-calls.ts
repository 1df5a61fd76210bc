import { dossierCode } from "./call.ts";
import type { Call } from "./call.ts";
import { object, oneOf, ref } from "./schemas.ts";

const day = { type: "string", format: "date", examples: ["2026-11-23"] };

const FIGURES_QUERY: Call["query"] = [
  { name: "from", description: "first day; else the first of the month of `to`", schema: day },
  { name: "to", description: "last day; else today", schema: day },
  { name: "agency", description: "a unit with all under it; else the province" },
  { name: "field", description: "a field by its name" },
  {
    name: "form",
    description: "II.06a unless told",
    schema: oneOf("II.06a", "II.06b", "II.06c", "II.06d", "II.06đ", "II.07a", "II.07b", "766"),
  },
];
const FIGURES_PROBLEMS: Call["problems"] = [
  ...(["bad-form", "bad-period", "unknown-agency", "repeated-parameter"] as const),
];

/** Sessions, tracking and the national portal. */
export const OTHER_CALLS: Call[] = [
  {
    method: "post",
    path: "/sessions",
    operationId: "logIn",
    tag: "Sessions",
    summary: "Đăng nhập",
    description: "Opens a session of 12 hours. The token goes into `Authorization: Bearer …`.",
    access: "anybody",
    body: {
      mediaType: "application/json",
      schema: ref("Credentials"),
    },
    answer: { status: 201, description: "the session", schema: ref("Session") },
    problems: ["too-large", "unsupported-media", "wrong-credentials", "invalid", "too-many-logins"],
  },
  {
    method: "delete",
    path: "/sessions/current",
    operationId: "logOut",
    tag: "Sessions",
    summary: "Đăng xuất",
    description: "Ends the session whose token is sent; without one nothing happens.",
    access: "staff",
    answer: { status: 200, description: "ended", schema: object({}) },
    problems: [],
  },
  {
    method: "get",
    path: "/tracking/{code}",
    operationId: "trackDossier",
    tag: "Tracking",
    summary: "Tra cứu hồ sơ",
    description:
      "No login and no personal data. With X-Dossier-Secret also the supplement list, fees, whether there is a result, and what the citizen may do. A wrong secret and an unknown code answer alike.",
    access: "anybody-or-secret",
    inPath: dossierCode,
    answer: { status: 200, description: "where the dossier stands", schema: ref("Tracking"), etag: true },
    problems: ["dossier-not-found"],
  },
  {
    method: "post",
    path: "/inbound/dossiers",
    operationId: "receiveOnlineDossier",
    tag: "National portal",
    summary: "Nhận hồ sơ trực tuyến từ Cổng Dịch vụ công quốc gia",
    description:
      "A dossier filed at the national portal; idempotent on MaHoSo. A refusal is a 200 with `error_code` -1: the portal reads the code, not the HTTP status.",
    access: "portal",
    body: { mediaType: "application/json", schema: ref("OnlineApplication") },
    answer: { status: 200, description: "taken, known already, or refused", schema: ref("InboundAnswer") },
    problems: ["too-large", "unsupported-media"],
  },
  {
    method: "get",
    path: "/statistics",
    operationId: "getStatistics",
    tag: "Statistics",
    summary: "Số liệu theo biểu II.06a, các biểu tổng hợp và chỉ số 766",
    description:
      "A form over any period, from what the nights have closed: II.06a by field (3 = 4+5+6, 7 = 8+9+10, 11 = 12+13, 3 = 7+11), II.06b departments, II.06c communes by district, II.06d districts with their communes, II.06đ tiers, II.07a causes of overdue, II.07b the same by unit. 766 is the index of decision 766/QĐ-TTg: every indicator with numerator, denominator, rate in percent and points; one whose inputs are not in this system has `fromHere` false and nulls, one with nothing to divide by no rate and no points; `points` of `most` are those that can be had here. Days that no night has closed are not in it: see `until` and `nights`.",
    access: "staff",
    query: FIGURES_QUERY,
    answer: { status: 200, description: "the figures", schema: ref("Statistics") },
    problems: FIGURES_PROBLEMS,
  },
  {
    ...{ method: "get", path: "/statistics.xlsx", operationId: "getStatisticsAsXlsx", tag: "Statistics" },
    summary: "Tải biểu số liệu, Excel",
    description:
      "The form that GET /statistics answers, as it is printed: one sheet on A4, with head, notes and who signs; every number is the same.",
    access: "staff",
    query: FIGURES_QUERY,
    answer: {
      status: 200,
      description: "the form",
      mediaTypes: ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    },
    problems: FIGURES_PROBLEMS,
  },
  {
    ...{ method: "get", path: "/statistics.csv", operationId: "getStatisticsAsCsv", tag: "Statistics" },
    summary: "Tải biểu số liệu, CSV",
    description:
      "The lines of the form that GET /statistics answers, sums included, under one line of titles: RFC 4180, UTF-8 with a byte order mark.",
    access: "staff",
    query: FIGURES_QUERY,
    answer: { status: 200, description: "the lines", mediaTypes: ["text/csv"] },
    problems: FIGURES_PROBLEMS,
  },
  {
    method: "get",
    path: "/portal-sync",
    operationId: "getPortalSync",
    tag: "National portal",
    summary: "Tình trạng đồng bộ với Cổng Dịch vụ công quốc gia",
    description: "How far the national portal is behind us. For administrators and inspectors.",
    access: "staff",
    answer: { status: 200, description: "the figures", schema: ref("PortalSync") },
    problems: ["not-allowed"],
  },
  {
    method: "get",
    path: "/openapi.json",
    operationId: "getDescription",
    tag: "Description",
    summary: "Mô tả giao diện này",
    description: "This description, as OpenAPI 3.1. To read: /api/docs.",
    access: "anybody",
    answer: { status: 200, description: "OpenAPI 3.1", schema: { type: "object" } },
    problems: [],
  },
];
