import { dueByNewDate, mayExtend } from "./calendar.ts";
import type { Calendar } from "./calendar.ts";
import type { ActorRole, StateMeta, Who } from "./chart.ts";
import type { Role } from "./declaration.ts";
import type { Facts, MachineFacts } from "./facts.ts";

/**
 * The rules that a transition may name. Each is a pure test over the facts passed in, and says in
 * Vietnamese what stands in the way. Rules are tested one by one, so that a refusal can name its own.
 */

export interface RuleRef {
  type: RuleName;
  params?: Record<string, unknown>;
}

export interface Actor {
  username: string;
  roles: ActorRole[];
  /** Code of the unit the actor works in; null for citizen and worker. */
  agency: string | null;
}

/** Someone who could be assigned or asked for consent: an account of the processing unit. */
export interface Colleague {
  username: string;
  name: string;
  roles: string[];
}

/** Everything a rule may look at. */
export interface Scene {
  machine: MachineFacts;
  facts: Facts;
  /** Metas of the states the dossier is in, and which waits are open. */
  metas: StateMeta[];
  waits: { supplement: boolean; payment: boolean; withdrawal: boolean };
  workStatus: number;
  actor: Actor;
  now: string;
  dueAt: string | null;
  calendar: Calendar;
  colleagues: Colleague[];
  payload: Payload;
}

export type Payload = Record<string, unknown>;

/** What stands in the way: nothing, a fact (409) or a field of the request (422). */
export type Verdict = null | string | { path: string; message: string };

interface Rule {
  /** Looks at the request's payload, which has been checked against the event's schema by then. */
  payload?: true;
  test(scene: Scene, params: Record<string, unknown>): Verdict;
}

const paperCodes = (scene: Scene) =>
  scene.machine.papers.filter(
    (paper) =>
      (paper.case === undefined || paper.case === scene.facts.case) &&
      (paper.channel === undefined || paper.channel === scene.facts.channel),
  );

const isLate = (scene: Scene): boolean =>
  scene.dueAt !== null && !mayExtend(scene.now, scene.dueAt, scene.calendar);

const outcomeOf = (scene: Scene) => scene.payload.outcome ?? scene.facts.outcome;

/** Fees that block a stage: fixed ones due there, and every one requested and not yet paid. */
function unpaid(scene: Scene, dueAt: "intake" | "return"): string[] {
  return scene.machine.fees
    .filter((fee) => fee.dueAt === dueAt)
    .filter((fee) => {
      const entries = scene.facts.fees.filter((entry) => entry.code === fee.code);
      if (entries.some((entry) => entry.state === "requested")) return true;
      return fee.kind === "fixed" && (fee.amount ?? 0) > 0 && entries.length === 0;
    })
    .map((fee) => fee.code);
}

/** Whether the procedure itself has a limit for this case and channel; one that an officer entered is none. */
const declaredLimit = ({ clock }: Facts) => clock.limit !== null && clock.limitFrom !== "entered";

const mayName = ({ roles }: Actor) => roles.includes("head") || roles.includes("leader");

const list = (codes: string[]) => codes.join(", ");

export const RULES = {
  clockRuns: {
    test: ({ waits }) =>
      waits.withdrawal
        ? "Công dân đã yêu cầu rút hồ sơ; phải xác nhận hoặc từ chối yêu cầu rút trước."
        : waits.supplement
          ? "Hồ sơ đang chờ công dân bổ sung giấy tờ."
          : waits.payment
            ? "Hồ sơ đang chờ công dân thực hiện nghĩa vụ tài chính."
            : null,
  },
  notWithdrawing: {
    test: ({ waits }) =>
      waits.withdrawal
        ? "Công dân đã yêu cầu rút hồ sơ; phải xác nhận hoặc từ chối yêu cầu rút trước."
        : null,
  },
  holder: {
    test: ({ facts, actor }) =>
      facts.assignee === null || facts.assignee === actor.username
        ? null
        : `Hồ sơ đang do cán bộ ${facts.assignee} thụ lý.`,
  },
  papersReceived: {
    test: (scene) => {
      const missing = paperCodes(scene)
        .filter((paper) => paper.required && scene.facts.received[paper.code] === undefined)
        .map((paper) => paper.code);
      return missing.length === 0 ? null : `Chưa nhận đủ giấy tờ bắt buộc: thành phần ${list(missing)}.`;
    },
  },
  limitEntered: {
    payload: true,
    test: ({ facts, payload }) =>
      declaredLimit(facts) && payload.limit !== undefined
        ? { path: "limit", message: "Thủ tục đã có thời hạn giải quyết; không nhập thời hạn khác." }
        : null,
  },
  papersDigitized: {
    payload: true,
    test: (scene) => {
      const stated = (scene.payload.notApplicable ?? []) as { documentCode: string }[];
      const unknown = unknownPaper(scene, stated, "notApplicable");
      if (unknown !== null) return unknown;
      const exempt = new Set(stated.map((entry) => entry.documentCode));
      const missing = paperCodes(scene)
        .filter((paper) => paper.handling === "submit" && paper.quantity === undefined)
        .filter((paper) => paper.required || scene.facts.received[paper.code] !== undefined)
        .filter((paper) => !scene.facts.files.includes(paper.code) && !exempt.has(paper.code))
        .map((paper) => paper.code);
      return missing.length === 0
        ? null
        : `Còn giấy tờ chưa được số hóa: thành phần ${list(missing)}. Hãy quét, hoặc ghi lý do không số hóa.`;
    },
  },
  intakeFeesPaid: {
    test: (scene) => {
      const codes = unpaid(scene, "intake");
      return codes.length === 0
        ? null
        : `Chưa thu khoản phí, lệ phí phải nộp khi tiếp nhận: mã ${list(codes)}.`;
    },
  },
  returnFeesPaid: {
    test: (scene) => {
      const codes = unpaid(scene, "return");
      return codes.length === 0
        ? null
        : `Chưa thu khoản phí, lệ phí phải nộp khi trả kết quả: mã ${list(codes)}.`;
    },
  },
  transferTo: {
    payload: true,
    test: ({ facts, payload }, params) => {
      const expected = facts.places[params.unit as keyof Facts["places"]];
      return payload.agency === expected
        ? null
        : { path: "agency", message: `Hồ sơ ở bước này chỉ được chuyển đến đơn vị ${String(expected)}.` };
    },
  },
  assigneeFits: {
    payload: true,
    test: ({ colleagues, payload, actor }) => {
      const assignee = payload.assignee;
      const found = colleagues.find((colleague) => colleague.username === assignee);
      if (!found?.roles.includes("specialist"))
        return {
          path: "assignee",
          message: "Người được phân công phải là chuyên viên của đơn vị đang xử lý.",
        };
      return mayName(actor) || assignee === actor.username
        ? null
        : { path: "assignee", message: "Chuyên viên chỉ được nhận hồ sơ về cho chính mình." };
    },
  },
  mayTakeOver: {
    test: ({ actor, facts }) =>
      mayName(actor) || facts.assignee === null || facts.assignee === actor.username
        ? null
        : `Hồ sơ đang do cán bộ ${facts.assignee} thụ lý; trưởng phòng hoặc lãnh đạo mới phân công lại được.`,
  },
  statusIn: {
    test: ({ workStatus }, params) =>
      (params.statuses as number[]).includes(workStatus)
        ? null
        : "Hồ sơ đã qua giai đoạn được làm việc này, hoặc chưa đến giai đoạn đó.",
  },
  deskIs: {
    test: ({ metas }, params) =>
      metas.some((meta) => meta.desk === (params.desk as Role))
        ? null
        : "Hồ sơ không nằm ở bước của chuyên viên thụ lý.",
  },
  notApproved: {
    test: ({ metas }) =>
      metas.some((meta) => meta.approved === true) ? "Hồ sơ đã được phê duyệt lần cuối." : null,
  },
  accepted: {
    test: ({ facts }) => (facts.clock.acceptedAt === null ? "Hồ sơ chưa được tiếp nhận." : null),
  },
  notSupplementing: {
    test: ({ waits }) => (waits.supplement ? "Đã có một yêu cầu bổ sung đang chờ công dân." : null),
  },
  leaderConsents: {
    payload: true,
    test: ({ facts, payload, colleagues }) => {
      if (facts.clock.acceptedAt === null || facts.supplements < 1) return null;
      const consent = payload.leaderConsent as { username?: string } | undefined;
      if (consent === undefined)
        return "Hồ sơ đã một lần yêu cầu bổ sung; lần tiếp theo phải có ý kiến đồng ý của lãnh đạo.";
      const found = colleagues.find((colleague) => colleague.username === consent.username);
      return found?.roles.includes("leader") === true
        ? null
        : { path: "leaderConsent.username", message: "Người đồng ý phải là lãnh đạo của đơn vị đang xử lý." };
    },
  },
  itemsKnown: {
    payload: true,
    test: (scene) => unknownPaper(scene, (scene.payload.items ?? []) as { documentCode?: string }[], "items"),
  },
  suppliedKnown: {
    payload: true,
    test: (scene) => unknownPaper(scene, (scene.payload.documents ?? []) as { code?: string }[], "documents"),
  },
  feeKnown: {
    payload: true,
    test: ({ machine, payload }) => {
      const fee = machine.fees.find((declared) => declared.code === payload.feeCode);
      if (fee === undefined) return { path: "feeCode", message: "Thủ tục không có khoản phí, lệ phí này." };
      if (fee.kind === "fixed") {
        return payload.amount === fee.amount
          ? null
          : { path: "amount", message: `Mức thu của khoản này được quy định là ${fee.amount ?? 0} đồng.` };
      }
      return null;
    },
  },
  groundGiven: {
    payload: true,
    test: ({ machine, payload }) => {
      const fee = machine.fees.find((declared) => declared.code === payload.feeCode);
      return fee?.kind === "fixed" || payload.ground !== undefined
        ? null
        : { path: "ground", message: "Khoản thu không có mức cố định: hãy nhập căn cứ tính." };
    },
  },
  payable: {
    payload: true,
    test: ({ facts, payload, machine }) => {
      const requested = facts.fees.find((fee) => fee.code === payload.feeCode && fee.state === "requested");
      if (requested !== undefined)
        return payload.amount === requested.amount
          ? null
          : { path: "amount", message: `Số tiền phải nộp theo yêu cầu là ${requested.amount} đồng.` };
      const fee = machine.fees.find((declared) => declared.code === payload.feeCode);
      if (fee?.kind === "fixed" && facts.fees.some((entry) => entry.code === fee.code))
        return "Khoản phí, lệ phí này đã được thu.";
      return fee?.kind === "fixed" || payload.ground !== undefined
        ? null
        : { path: "ground", message: "Khoản thu không có mức cố định: hãy nhập căn cứ tính." };
    },
  },
  settlesAll: {
    payload: true,
    test: ({ facts, payload }) =>
      facts.fees.some((fee) => fee.state === "requested" && fee.code !== payload.feeCode)
        ? "Còn khoản khác chưa nộp."
        : null,
  },
  leavesUnpaid: {
    payload: true,
    test: ({ facts, payload }) =>
      facts.fees.some((fee) => fee.state === "requested" && fee.code !== payload.feeCode)
        ? null
        : "Không còn khoản nào chưa nộp.",
  },
  /** A duty that was asked for may be paid during a supplement, too; one that was not may not. */
  dutyAwaited: {
    test: ({ waits }) =>
      waits.supplement && !waits.payment ? "Hồ sơ đang chờ công dân bổ sung giấy tờ." : null,
  },
  settlesDuty: {
    payload: true,
    test: ({ facts, payload, machine }) => {
      const processing = new Set(machine.fees.filter((fee) => fee.dueAt !== "return").map((fee) => fee.code));
      if (!processing.has(String(payload.feeCode))) return "Khoản này không phải nghĩa vụ tài chính giữa kỳ.";
      return facts.fees.some((fee) => fee.state === "requested" && fee.code !== payload.feeCode)
        ? "Còn khoản khác chưa nộp."
        : null;
    },
  },
  draftGiven: {
    payload: true,
    test: ({ payload }) =>
      payload.fields === undefined && payload.documentId === undefined
        ? { path: "fields", message: "Hãy nhập nội dung dự thảo, hoặc chọn tệp dự thảo đã tải lên." }
        : null,
  },
  resultDrafted: {
    test: ({ machine, facts, payload }) =>
      facts.draft !== null || (!machine.resultPaper && payload.outcome !== "deny")
        ? null
        : "Chưa có dự thảo kết quả (kể cả khi từ chối giải quyết).",
  },
  paper: {
    payload: true,
    test: (scene) =>
      scene.machine.resultPaper || outcomeOf(scene) === "deny"
        ? null
        : "Thủ tục không có kết quả bằng giấy tờ.",
  },
  noPaper: {
    payload: true,
    test: (scene) =>
      !scene.machine.resultPaper && outcomeOf(scene) === "grant" ? null : "Kết quả phải được ký và đóng dấu.",
  },
  takesNote: {
    payload: true,
    test: ({ facts, payload }) =>
      payload.outcome === "grant" && facts.draft === null ? null : "Kết quả phải được ký và đóng dấu.",
  },
  proposesPaper: {
    payload: true,
    test: ({ facts, payload }) =>
      facts.draft !== null
        ? null
        : payload.outcome === "deny"
          ? "Từ chối giải quyết phải có dự thảo văn bản từ chối."
          : "Chưa có dự thảo kết quả.",
  },
  proposesDenial: {
    payload: true,
    test: ({ payload }) =>
      payload.outcome === "deny"
        ? null
        : "Chưa xác định và thu nghĩa vụ tài chính; chỉ được đề xuất từ chối giải quyết.",
  },
  consultable: {
    payload: true,
    test: ({ machine, payload, now }) => {
      const known = new Set(machine.consulted.map((declared) => declared.agency));
      const agencies = payload.agencies as string[];
      const strange = agencies.findIndex((agency) => !known.has(agency));
      if (strange >= 0)
        return { path: `agencies.${strange}`, message: "Quy trình của thủ tục không lấy ý kiến đơn vị này." };
      const dueAt = payload.dueAt;
      return typeof dueAt === "string" && Date.parse(dueAt) <= Date.parse(now)
        ? { path: "dueAt", message: "Hạn trả lời phải sau thời điểm hiện tại." }
        : null;
    },
  },
  consulted: {
    payload: true,
    test: ({ payload }, params) =>
      (payload.agencies as unknown[] | undefined)?.includes(params.agency) === true
        ? null
        : "Không lấy ý kiến đơn vị này.",
  },
  notConsulted: {
    payload: true,
    test: ({ payload }, params) =>
      (payload.agencies as unknown[] | undefined)?.includes(params.agency) === true
        ? "Có lấy ý kiến đơn vị này."
        : null,
  },
  eventConcerns: {
    payload: true,
    test: ({ payload }, params) =>
      payload.agency === params.agency ? null : "Sự kiện thuộc về đơn vị khác.",
  },
  consultationPassed: {
    test: ({ facts, now }, params) => {
      const open = facts.consultations.find(
        (consultation) => consultation.agency === params.agency && consultation.state === "waiting",
      );
      return open !== undefined && Date.parse(open.dueAt) <= Date.parse(now)
        ? null
        : "Thời hạn lấy ý kiến chưa hết.";
    },
  },
  signed: {
    test: ({ facts }) => (facts.signed ? null : "Kết quả chưa được lãnh đạo ký."),
  },
  resultReady: {
    test: ({ machine, facts }) =>
      facts.sealed || (!machine.resultPaper && facts.outcome === "grant") || facts.draft === null
        ? null
        : "Kết quả chưa được đóng dấu.",
  },
  clockCounts: {
    test: ({ facts }) =>
      facts.clock.pauses.some((pause) => pause.to === null) ? "Thời hạn giải quyết đang tạm dừng." : null,
  },
  hasDueDate: {
    test: ({ dueAt }) => (dueAt === null ? "Hồ sơ không có ngày hẹn trả để gia hạn." : null),
  },
  notDone: {
    test: ({ workStatus }) => (workStatus === 9 ? "Hồ sơ đã xử lý xong." : null),
  },
  notExtended: {
    test: ({ facts }) => (facts.clock.extension === null ? null : "Hồ sơ đã được gia hạn một lần."),
  },
  extendedInTime: {
    test: (scene) =>
      isLate(scene) ? "Chỉ được gia hạn chậm nhất vào ngày làm việc liền trước ngày hẹn trả." : null,
  },
  tooLateToExtend: {
    test: (scene) =>
      isLate(scene) || scene.facts.clock.extension !== null
        ? null
        : "Còn trong thời gian được gia hạn: hãy dùng gia hạn thay cho xin lỗi.",
  },
  laterThanDue: {
    payload: true,
    test: ({ payload, dueAt, now, calendar }) => {
      const promise = String(payload.dueAt);
      const promised = Date.parse(promise);
      if (promised <= Date.parse(now)) return { path: "dueAt", message: "Ngày hẹn mới phải ở sau hiện tại." };
      // An hour after closing of the due day names no later day: the only extension would be used up for nothing.
      const closing = Date.parse(dueByNewDate(now, promise, calendar));
      return dueAt !== null && Math.min(promised, closing) <= Date.parse(dueAt)
        ? { path: "dueAt", message: "Ngày hẹn mới phải sau ngày hẹn trả hiện nay." }
        : null;
    },
  },
  feeLeft: {
    test: ({ facts, machine }) =>
      machine.fees.some(({ code, kind }) => {
        const entries = facts.fees.filter((fee) => fee.code === code);
        return kind === "fixed" ? entries.length === 0 : entries.every((fee) => fee.state === "paid");
      })
        ? null
        : "Mọi khoản phí, lệ phí của thủ tục đã được yêu cầu nộp.",
  },
  notYetPaid: {
    payload: true,
    test: ({ facts, payload, machine }) => {
      const entries = facts.fees.filter((fee) => fee.code === payload.feeCode);
      if (entries.some((fee) => fee.state === "requested")) return "Khoản này đã được yêu cầu nộp.";
      const fixed = machine.fees.some((fee) => fee.code === payload.feeCode && fee.kind === "fixed");
      return fixed && entries.length > 0 ? "Khoản phí, lệ phí này đã được thu." : null;
    },
  },
  awaitsCitizen: {
    test: ({ waits, actor }) =>
      waits.supplement || actor.username === "portal" ? null : "Hồ sơ không có yêu cầu bổ sung đang chờ.",
  },
  withdrawing: {
    test: ({ waits }) => (waits.withdrawal ? null : "Hồ sơ không có yêu cầu rút."),
  },
  correctable: {
    payload: true,
    test: ({ payload, facts }) =>
      payload.limit !== undefined && declaredLimit(facts)
        ? { path: "limit", message: "Thủ tục đã có thời hạn giải quyết; không sửa được thời hạn." }
        : payload.limit === undefined && payload.fields === undefined
          ? { path: "fields", message: "Hãy nêu ít nhất một nội dung cần sửa." }
          : null,
  },
  mayAddDocument: {
    payload: true,
    test: (scene) => {
      const component = String(scene.payload.component);
      const known =
        ["minutes", "result", "other"].includes(component) ||
        scene.machine.papers.some((paper) => paper.code === component);
      if (!known) return { path: "component", message: "Thủ tục không có thành phần hồ sơ này." };
      return null;
    },
  },
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

function unknownPaper(
  scene: Scene,
  entries: { documentCode?: string; code?: string }[],
  field: string,
): Verdict {
  const known = new Set(paperCodes(scene).map((paper) => paper.code));
  const at = entries.findIndex((entry) => {
    const code = entry.documentCode ?? entry.code;
    return code !== undefined && !known.has(code);
  });
  return at < 0
    ? null
    : { path: `${field}.${at}`, message: "Giấy tờ này không thuộc thành phần hồ sơ của thủ tục." };
}

/** Whether one kind of actor covers this one, in this dossier's units. */
export function isWho(who: Who, actor: Actor, facts: Facts): boolean {
  if (!actor.roles.includes(who.role)) return false;
  if (who.unit === "any") return true;
  if (who.unit === "consulted") return facts.consultations.some(({ agency }) => agency === actor.agency);
  if (who.unit.startsWith("agency:")) return actor.agency === who.unit.slice("agency:".length);
  return actor.agency === facts.places[who.unit as keyof Facts["places"]];
}

/** The first rule that does not hold, with what it says; null when all hold. */
export function firstBroken(
  rules: RuleRef[],
  scene: Scene,
  which: "facts" | "payload" | "all",
): { rule: RuleName; verdict: string | { path: string; message: string } } | null {
  for (const ref of rules) {
    const rule: Rule = RULES[ref.type];
    if (which === "facts" && rule.payload) continue;
    if (which === "payload" && !rule.payload) continue;
    const verdict = rule.test(scene, ref.params ?? {});
    if (verdict !== null) return { rule: ref.type, verdict };
  }
  return null;
}
