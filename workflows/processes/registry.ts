import type { ChartDeclaration, ProcessName, Tier } from "../declaration.ts";
import type { States } from "../chart.ts";
import { sameDayCounter } from "./a-same-day-counter.ts";
import { communeOneUnit } from "./b-commune-one-unit.ts";
import { districtDepartment } from "./c-district-department.ts";
import { provincialDepartment } from "./d-provincial-department.ts";
import { consultedAgencies } from "./e-consulted-agencies.ts";
import { throughTiers } from "./f-through-tiers.ts";
import { financialDuty } from "./g-financial-duty.ts";
import { inspection } from "./h-inspection.ts";
import { submittedToChair } from "./i-submitted-to-chair.ts";
import { notification } from "./j-notification.ts";

/** The states of the work between `digitized` and `done`, and the first of them. */
export interface ProcessChart {
  first: string;
  /** Where TRANSFER of the front desk leads the dossier: the unit that handles it first. */
  firstUnit: "intake" | "deciding";
  states: States;
}

export type Process = (chart: ChartDeclaration, tier: Tier) => ProcessChart;

/** The ten processes that a declaration may name. */
export const PROCESSES: Record<ProcessName, Process> = {
  a: sameDayCounter,
  b: communeOneUnit,
  c: districtDepartment,
  d: provincialDepartment,
  e: consultedAgencies,
  f: throughTiers,
  g: financialDuty,
  h: inspection,
  i: submittedToChair,
  j: notification,
};
