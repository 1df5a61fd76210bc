import type { Transition } from "../../workflows/chart.ts";
import { limitFor } from "../../workflows/declaration.ts";
import type { Declaration, LimitUnit, Tier } from "../../workflows/declaration.ts";
import { eventDefinition, isEventType } from "../../workflows/events.ts";
import type { MachineConfig } from "../../workflows/machine.ts";
import { stateName, workStates } from "../../workflows/standing.ts";

/** A machine as a person looks at it: the steps in their order, and what leads from one to another. */
export interface Picture {
  title: string;
  subtitle: string;
  steps: PictureStep[];
  arrows: Arrow[];
  waits: Wait[];
}

export interface PictureStep {
  state: string;
  name: string;
  /** Who has it, where, and with which share of the limit. */
  who: string;
  status: number;
  /** What can be done here without leaving. */
  here: string[];
  /** Agencies that are asked at the same time. */
  agencies: string[];
  kind: "step" | "returned" | "refused" | "stopped";
}

export interface Arrow {
  from: string;
  to: string;
  label: string;
}

/** What may be waited for beside the work. */
export interface Wait {
  name: string;
  status: number;
  opens: string[];
  closes: string[];
}

const ROLES: Record<string, string> = {
  frontdesk: "Một cửa",
  specialist: "Chuyên viên",
  head: "Trưởng phòng",
  leader: "Lãnh đạo",
  clerk: "Văn thư",
};

const UNITS: Record<string, string> = {
  intake: "nơi tiếp nhận",
  processing: "đơn vị xử lý",
  deciding: "cơ quan quyết định",
  superior: "cấp trên trực tiếp",
  chair: "UBND tỉnh",
};

const LIMIT_UNITS: Record<LimitUnit, string> = {
  "working-hour": "giờ làm việc",
  "working-day": "ngày làm việc",
  day: "ngày",
  month: "tháng",
  "same-day": "trong ngày",
};

const TIER_NAMES: Record<Tier, string> = { province: "cấp tỉnh", district: "cấp huyện", commune: "cấp xã" };

/** Words for a choice that the same event leaves open. */
const CHOICES: Record<string, string> = {
  proposesDenial: "từ chối",
  noPaper: "không có văn bản",
  takesNote: "ghi nhận, không có văn bản",
  proposesPaper: "có văn bản",
  settlesDuty: "đủ nghĩa vụ",
};

/** Draws a compiled machine from its own states; `agencyName` names the consulted agencies. */
export function pictureOf(
  declaration: Declaration,
  tier: Tier,
  config: MachineConfig,
  agencyName: (code: string) => string,
): Picture {
  const { steps, consulted, process } = config.meta.declared;
  const states = workStates(config);
  const days = new Map(consulted.map(({ agency, workingDays }) => [agency, workingDays]));
  const drawn = Object.entries(states).map(([state, node]): PictureStep => {
    const step = steps.find((one) => one.state === state);
    return {
      state,
      name: stateName(config, state),
      who: step === undefined ? `${ROLES.frontdesk}, ${UNITS.intake}` : whoOf(step),
      status: node.meta?.status ?? 0,
      here: labelsOf(config, node.on ?? {}, (target) => target === undefined),
      agencies: Object.values(node.states ?? {}).flatMap(({ states: inner }) => {
        const agency = inner?.waiting?.meta?.consulted;
        return agency === undefined ? [] : [`${agencyName(agency)} (${days.get(agency) ?? 0} ngày làm việc)`];
      }),
      kind: "step",
    };
  });
  const limit = limitFor(declaration, null, "counter");
  const time =
    limit === null
      ? "thời hạn theo quy định của thủ tục"
      : limit.unit === "same-day"
        ? "trả kết quả trong ngày"
        : `${limit.value} ${LIMIT_UNITS[limit.unit]}`;
  return {
    title: `${declaration.code} — ${declaration.displayName ?? declaration.name}`,
    subtitle: `Quy trình ${process}, ${TIER_NAMES[tier]}, ${time}`,
    steps: [
      ...inOrder(
        drawn,
        steps.map(({ state }) => state),
      ),
      end("returned", "Đã trả kết quả", 10),
    ],
    arrows: arrowsOf(config),
    waits: waitsOf(config),
  };
}

function whoOf({ role, unit, share }: { role: string; unit: string; share: string }): string {
  const [part] = share.split("/");
  return `${ROLES[role] ?? role}, ${UNITS[unit] ?? unit}${part === "0" ? "" : ` · ${share} thời hạn`}`;
}

const end = (kind: "returned", name: string, status: number): PictureStep => ({
  state: kind,
  name,
  who: "Hồ sơ kết thúc",
  status,
  here: [],
  agencies: [],
  kind,
});

/** As the steps are declared; `filed` first, `digitized` after acceptance. */
function inOrder(drawn: PictureStep[], declared: string[]): PictureStep[] {
  const order = ["filed", "accepted", "digitized", ...declared.filter((state) => state !== "accepted")];
  return [...drawn].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function arrowsOf(config: MachineConfig): Arrow[] {
  const found = new Map<string, Arrow>();
  for (const [from, node] of Object.entries(workStates(config))) {
    const leads = Object.entries(node.on ?? {}).flatMap(([event, transitions]) =>
      transitions.map((transition) => ({ transition, label: labelOf(event, transition) })),
    );
    for (const { transition, label } of leads) {
      const to = transition.target?.replace("#", "");
      if (to === undefined || to === "refused" || !canHappen(config, transition)) continue;
      add(found, { from, to, label });
    }
    if (node.onDone !== undefined)
      add(found, { from, to: node.onDone.target, label: "Đủ ý kiến, hoặc hết hạn trả lời" });
  }
  return [...found.values()];
}

/** Two events with the same way are one arrow. */
function add(found: Map<string, Arrow>, arrow: Arrow): void {
  const key = `${arrow.from} ${arrow.to}`;
  const known = found.get(key);
  if (known === undefined) found.set(key, arrow);
  else if (!known.label.includes(arrow.label)) known.label += `; ${arrow.label}`;
}

/** A procedure with a result paper never goes the way of one without. */
function canHappen(config: MachineConfig, { guard }: Transition): boolean {
  return !config.meta.declared.resultPaper || guard.params.rules.every(({ type }) => type !== "noPaper");
}

function labelOf(event: string, { guard }: Transition): string {
  const label = isEventType(event) ? eventDefinition(event).label : event;
  const choices = guard.params.rules.flatMap(({ type }) => CHOICES[type] ?? []);
  return choices.length === 0 ? label : `${label} (${choices.join(", ")})`;
}

function labelsOf(
  config: MachineConfig,
  on: Record<string, Transition[]>,
  which: (target: string | undefined) => boolean,
): string[] {
  const labels = Object.entries(on).flatMap(([event, transitions]) =>
    transitions
      .filter((transition) => which(transition.target) && canHappen(config, transition))
      .map(() => (isEventType(event) ? eventDefinition(event).label : event)),
  );
  return [...new Set(labels)];
}

function waitsOf(config: MachineConfig): Wait[] {
  const regions = config.states?.open?.states ?? {};
  const root = config.states?.open?.on ?? {};
  const leaves = (target: string | undefined) => target !== undefined;
  return [
    { region: "supplement", state: "asked", name: "Chờ bổ sung hồ sơ", also: [] },
    { region: "payment", state: "requested", name: "Chờ nghĩa vụ tài chính", also: [] },
    {
      region: "withdrawal",
      state: "requested",
      name: "Chờ quyết định rút hồ sơ",
      also: ["CONFIRM_WITHDRAWAL"],
    },
  ].map(({ region, state, name, also }) => {
    const states = regions[region]?.states ?? {};
    return {
      name,
      status: states[state]?.meta?.status ?? 0,
      opens: labelsOf(config, states.none?.on ?? {}, leaves),
      closes: [
        ...labelsOf(config, states[state]?.on ?? {}, leaves),
        ...also.flatMap((event) => (root[event] ?? []).map((transition) => labelOf(event, transition))),
      ],
    };
  });
}
