import { TIERS } from "../../workflows/declaration.ts";
import type {
  ChartDeclaration,
  ProcessName,
  StepDeclaration,
  Tier,
  UnitRef,
} from "../../workflows/declaration.ts";
import { stepStates } from "../../workflows/step-states.ts";
import { consultedFor } from "./consulted.ts";
import { workingDays } from "./matter.ts";
import { ruleFor } from "./process-rules.ts";
import type { SourceRow } from "./source.ts";

const PROCESS_OF_TIER: Record<Tier, ProcessName> = { province: "d", district: "c", commune: "b" };

/**
 * How long a step takes beside the others of its chart. Weights, not times: the shares of a chart are its
 * weights over their sum. Source: general practice, to be set by the province for each procedure.
 */
const WEIGHTS: Record<string, number> = {
  accepted: 1,
  assigning: 1,
  examining: 10,
  consulting: 9,
  drafting: 5,
  determiningDuty: 6,
  inspecting: 8,
  headApproving: 2,
  approving: 2,
  forwarding: 1,
  chairReviewing: 4,
  signing: 1,
  sealing: 1,
  done: 0,
};

/** Where a chart examines in two steps, or several units examine, one of them is shorter. */
const WEIGHTS_BY_PROCESS: Partial<Record<ProcessName, Record<string, number>>> = {
  a: { examining: 3, signing: 2 },
  e: { examining: 4 },
  f: { examining: 5 },
};

const STEP_NAMES: Record<string, string> = {
  accepted: "Tiếp nhận và số hóa hồ sơ",
  assigning: "Phân công thụ lý",
  examining: "Thẩm tra hồ sơ",
  consulting: "Lấy ý kiến cơ quan liên quan",
  drafting: "Dự thảo kết quả",
  determiningDuty: "Xác định nghĩa vụ tài chính",
  inspecting: "Kiểm tra thực tế, thẩm định và lập biên bản",
  headApproving: "Trưởng phòng duyệt",
  approving: "Lãnh đạo duyệt",
  forwarding: "Văn thư chuyển hồ sơ",
  chairReviewing: "Văn phòng UBND tỉnh thẩm tra, trình ký",
  signing: "Lãnh đạo ký số",
  sealing: "Văn thư đóng dấu, phát hành",
  done: "Trả kết quả",
};

const PARTICULAR_NAMES: Partial<Record<ProcessName, Record<string, string>>> = {
  i: {
    approving: "Lãnh đạo duyệt tờ trình",
    forwarding: "Văn thư trình UBND tỉnh",
    signing: "Chủ tịch UBND tỉnh ký số",
  },
  j: { examining: "Xem xét thông báo" },
};

/** "assigning2" is the stage 2 of "assigning". */
function stem(state: string): string {
  return state.replace(/\d+$/u, "");
}

function stepName(process: ProcessName, state: string, unit: UnitRef, tier: Tier): string {
  const base = PARTICULAR_NAMES[process]?.[stem(state)] ?? STEP_NAMES[stem(state)];
  if (base === undefined) throw new Error(`No name for the step ${state}`);
  if (process !== "f" || !/\d$/u.test(state)) return base;
  return `${base} (${unitName(unit, tier)})`;
}

/** What people call the unit of a stage in a chain that ends at `tier`. */
function unitName(unit: UnitRef, tier: Tier): string {
  if (unit === "superior") return "cấp huyện";
  if (unit === "intake") return "nơi tiếp nhận";
  return tier === "province" ? "sở" : tier === "district" ? "cấp huyện" : "cấp xã";
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** n/d in lowest terms; the shares are exact, so that their sum is exactly 1. */
export function fraction(n: number, d: number): string {
  const divisor = greatestCommonDivisor(n, d);
  return `${n / divisor}/${d / divisor}`;
}

function declareSteps(process: ProcessName, tier: Tier, chain: UnitRef[] | undefined): StepDeclaration[] {
  const states = stepStates({ process, ...(chain ? { chain } : {}) }, tier);
  const weight = (state: string) => WEIGHTS_BY_PROCESS[process]?.[stem(state)] ?? WEIGHTS[stem(state)] ?? 1;
  const sum = states.reduce((total, { state }) => total + weight(state), 0);
  return states.map(({ state, role, unit }) => ({
    state,
    name: stepName(process, state, unit, tier),
    role,
    unit,
    share: fraction(weight(state), sum),
  }));
}

const DUTY_GROUND =
  "Thời gian người sử dụng thực hiện nghĩa vụ tài chính không tính vào thời hạn giải quyết (pháp luật đất đai, tài nguyên)";

/** The chain of process f: received below, decided above; with the commune alone, back from its district. */
function chainOf(row: SourceRow): UnitRef[] {
  return row.levels.length > 1 ? ["intake", "deciding"] : ["deciding", "superior"];
}

function declareChart(
  row: SourceRow,
  process: ProcessName,
  processFrom: string,
  tier: Tier,
): ChartDeclaration {
  const chain = process === "f" ? chainOf(row) : undefined;
  const chart: ChartDeclaration = { process, processFrom, steps: declareSteps(process, tier, chain) };
  if (process === "e") chart.consulted = consultedFor(row, workingDays(row));
  if (chain) chart.chain = chain;
  if (process === "g") chart.pausesFor = [{ wait: "financial-duty", ground: DUTY_GROUND }];
  return chart;
}

/**
 * One chart for each tier that may decide. Process f has one chart, at the unit that signs; process i needs
 * a provincial department, so that a lower tier, where it is an alternative, decides by itself.
 */
export function declareCharts(row: SourceRow): Partial<Record<Tier, ChartDeclaration>> {
  const rule = ruleFor(row);
  const tiers = TIERS.filter((tier) => row.levels.includes(tier));
  const deciding = rule.process === "f" ? tiers.slice(0, 1) : tiers;
  const charts: Partial<Record<Tier, ChartDeclaration>> = {};
  for (const tier of deciding) {
    const alone = rule.process === "by-tier" || (rule.process === "i" && tier !== "province");
    const process = alone ? PROCESS_OF_TIER[tier] : rule.process;
    charts[tier] = declareChart(row, process as ProcessName, alone ? "by-tier" : rule.name, tier);
  }
  return charts;
}
