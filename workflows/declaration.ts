/**
 * What a procedure declares. The JSON files under workflows/procedures are of this shape and
 * procedure.schema.json says so to ajv; everything else about a procedure is derived from them.
 */

export type Tier = "province" | "district" | "commune";
export const TIERS = ["province", "district", "commune"] as const satisfies readonly Tier[];

export type ProcessName = "a" | "b" | "c" | "d" | "e" | "f" | "g" | "h" | "i" | "j";

export type Role = "frontdesk" | "specialist" | "head" | "leader" | "clerk";

/**
 * A unit named by its part in the dossier, never by its code: the same declaration serves 75 communes.
 * `superior` is the parent district of the intake commune; `chair` the provincial People's Committee.
 */
export type UnitRef = "intake" | "processing" | "deciding" | "superior" | "chair";

export type Channel = "counter" | "online" | "postal";

export type LimitUnit = "working-hour" | "working-day" | "day" | "month" | "same-day";

export interface LimitDeclaration {
  value: number;
  unit: LimitUnit;
  /** Only for dossiers filed under this case or over this channel; without either, the default. */
  case?: string;
  channel?: Channel;
}

export interface CaseDeclaration {
  code: string;
  name: string;
}

export interface DocumentDeclaration {
  /** Unique in its procedure; assigned by the province (the source has no MAGIAYTO). */
  code: string;
  title: string;
  case?: string;
  originals: number;
  copies: number;
  /** Must be received before ACCEPT and have a file (or a reason) at DIGITIZE. */
  required: boolean;
  /** `present`: looked at and ticked, not kept and not scanned. */
  handling: "submit" | "present";
  /** A line of the source's table that is a heading: shown, never ticked. */
  kind?: "heading";
  /** The source gives neither originals nor copies. */
  quantity?: "unknown";
  onlyChannel?: "online";
  /** The source cut the title at 90 characters; such a title is never matched against another. */
  truncated?: true;
  condition?: string;
  /** The title says more than one set or copy where the source's column says one. */
  quantityHint?: number;
  /** Code of an earlier paper of the procedure with the same (uncut) title, in another case. */
  sameAs?: string;
}

export type FeeKind = "fixed" | "varies" | "none-stated" | "unknown" | "other";

export interface FeeDeclaration {
  code: string;
  name: string;
  kind: FeeKind;
  /** Whole đồng; only a fixed fee has one. For other kinds the officer enters amount and ground. */
  amount: number | null;
  /** Amounts that the source names as examples; never charged by themselves. */
  examples?: number[];
  dueAt: "intake" | "processing" | "return";
}

export interface StepDeclaration {
  /** The state of the process' chart in which the dossier waits for this step. */
  state: string;
  /** What people call the step. */
  name: string;
  role: Role;
  unit: UnitRef;
  /** Share of the limit, as an exact fraction "n/d"; the shares of a chart add up to 1. */
  share: string;
}

/** An agency that a specialist may consult, and how long it has. */
export interface ConsultedDeclaration {
  /** Agency code. */
  agency: string;
  name: string;
  /** Working days that it has to answer when the officer names no other moment. */
  workingDays: number;
}

/** One procedure as one tier runs it. */
export interface ChartDeclaration {
  process: ProcessName;
  /** Name of the rule that chose the process. */
  processFrom: string;
  steps: StepDeclaration[];
  consulted?: ConsultedDeclaration[];
  /**
   * Process f: the units the dossier passes, in order. It is signed by `deciding`: where the chain ends
   * elsewhere, it goes back there for signature.
   */
  chain?: UnitRef[];
  /** Which waits stop the clock besides supplement and withdrawal, each with its ground in law. */
  pausesFor?: { wait: "financial-duty" | "consultation"; ground: string }[];
  /** States of the work region for a procedure that no process fits (same form as a process' chart). */
  states?: Record<string, unknown>;
}

export interface ResultDeclaration {
  code: string;
  title: string;
  /** false: the procedure yields no paper (then DRAFT_RESULT, SIGN and SEAL exist for denials only). */
  paper: boolean | "unknown";
  denialTitle?: string;
  /** The source's words, where `title` was made from them. */
  source?: string | null;
}

export interface Correction {
  field: string;
  rule: string;
  was: unknown;
}

export interface Declaration {
  $schema?: string;
  code: string;
  /** Byte for byte as published. */
  name: string;
  displayName?: string;
  /** At most 120 characters, for lists. */
  shortName?: string;
  field: string;
  sourceField?: string;
  levels: Tier[];
  levelsFrom: "source" | "derived";
  levelsMean?: "chain" | "alternative";
  /** Key of the provincial department (units.json); null where no province tier is concerned. */
  department: string | null;
  /** `field`: the department that handles the field; `name`: the procedure's name says who decides. */
  departmentFrom?: "field" | "name";
  /** Which division of a district handles it (a name of seeds/agencies.json), where a district may decide. */
  districtDivision?: string;
  districtDivisionFrom?: "rule";
  audience: string[];
  channels: Channel[];
  channelsFrom?: "rule";
  onlineLevel: 2 | 3 | 4;
  onlineLevelFrom: "source" | "assigned";
  /** Offered online at the national portal; every dossier is reported there all the same. */
  nationalPortal: boolean;
  /** Assigned so that the province's 1,047 hold. */
  nationalPortalFrom?: "assigned";
  limits: LimitDeclaration[];
  limitFrom: "source" | "rule" | "unknown";
  limitConfidence?: "low";
  limitReview?: true;
  legalHint?: string;
  cases: CaseDeclaration[];
  documents: DocumentDeclaration[];
  documentsFrom: "source" | "none-listed";
  documentCodesFrom?: "assigned";
  fees: FeeDeclaration[];
  result: ResultDeclaration;
  /** One chart for each tier that may decide. */
  charts: Partial<Record<Tier, ChartDeclaration>>;
  notes: string[];
  corrections: Correction[];
  applicability?: "no-local-case" | "check-competence";
  /** Other procedures that may have followed this one; for a person to read. */
  possibleSuccessor?: string;
  /** Tiers that receive it beside the deciding one (branches of the land office). */
  intakeAlso?: Tier[];
  feeReview?: true;
  /** An online level that the channels contradict: filing online is refused with this as the reason. */
  channelConflict?: "level-without-online-channel" | "level-2-with-online-channel";
  levelConflict?: "name-says-commune";
}

/** The chart's tiers, the highest first: the first one is the default of `/machine`. */
export function chartTiers(declaration: Declaration): Tier[] {
  return TIERS.filter((tier) => declaration.charts[tier] !== undefined);
}

/** The papers of a dossier filed under `caseCode`: those without a case plus those of its case. */
export function checklist(declaration: Declaration, caseCode: string | null): DocumentDeclaration[] {
  return declaration.documents.filter(
    (document) => document.case === undefined || document.case === caseCode,
  );
}

/** The limit for a case and channel: the most particular one declared; null where none is known. */
export function limitFor(
  declaration: Declaration,
  caseCode: string | null,
  channel: Channel,
): LimitDeclaration | null {
  const fits = declaration.limits.filter(
    (limit) =>
      (limit.case === undefined || limit.case === caseCode) &&
      (limit.channel === undefined || limit.channel === channel),
  );
  const particular = (limit: LimitDeclaration) => (limit.case ? 2 : 0) + (limit.channel ? 1 : 0);
  return fits.sort((a, b) => particular(b) - particular(a))[0] ?? null;
}

/** What a procedure is about, for a sentence that says "thủ tục" already: its name without that word. */
export function matterOf(declaration: Declaration): string {
  const name = (declaration.displayName ?? declaration.name).replace(/^thủ tục\s+/iu, "");
  return name.charAt(0).toUpperCase() + name.slice(1);
}
