import type { EventType } from "../../workflows/events.ts";
import type { Limit } from "../../workflows/calendar.ts";
import type { Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import type { DossierOnPaper } from "../forms/dossier-form.ts";

const PLACE = "Hậu Giang";

/** An event of the history with what was said in it and by whom. */
export interface ToldEvent {
  seq: number;
  type: EventType;
  at: Date;
  actor: string;
  actorName: string;
  actorAgency: string | null;
  toState: string;
  data: Record<string, unknown>;
  details: Record<string, unknown>;
}

/** The history of a dossier with the names of those who acted. */
export async function toldHistory(deps: Deps, dossierId: number): Promise<ToldEvent[]> {
  const { rows } = await deps.db.raw<{ rows: ToldEvent[] }>(
    `select e.seq, e.type, e.at, e.actor, coalesce(a.name, e.actor) as "actorName", e.actor_agency as "actorAgency",
        e.to_state as "toState", e.data, coalesce(p.data, '{}') as details
       from events e left join event_personal p on p.dossier_id = e.dossier_id and p.seq = e.seq
       left join accounts a on a.username = e.actor
      where e.dossier_id = ? order by e.seq`,
    [dossierId],
  );
  return rows;
}

/** What every form says of a dossier; `unit` hands it out. */
export function onPaper(
  deps: Deps,
  dossier: DossierRecord,
  procedureName: string,
  issuedAt: Date,
): DossierOnPaper {
  const unit = deps.agencies.get(dossier.facts.places.intake);
  const parent = unit?.parent == null ? undefined : deps.agencies.get(unit.parent);
  const { applicant } = dossier.people;
  const { street, commune, district, province } = applicant.address;
  return {
    unitName: unit?.name ?? dossier.facts.places.intake,
    parentUnitName: parent?.name,
    place: PLACE,
    filedAt: dossier.submittedAt,
    issuedAt,
    code: dossier.code,
    applicantName: applicant.name,
    address: [street, commune, district, province].filter((part) => part !== undefined).join(", "),
    phone: applicant.phone,
    email: applicant.email,
    procedureName,
    trackingUrl: `${deps.publicUrl}/tra-cuu/${dossier.code}`,
  };
}

const UNITS: Record<Limit["unit"], string> = {
  "working-hour": "giờ làm việc",
  "working-day": "ngày làm việc",
  day: "ngày",
  month: "tháng",
  "same-day": "trong ngày",
};

/** A limit as the receipt says it: "05 ngày làm việc"; undefined where none is known. */
export function limitInWords(limit: Limit | null): string | undefined {
  if (limit === null) return undefined;
  return limit.unit === "same-day"
    ? "trong ngày"
    : `${String(limit.value).padStart(2, "0")} ${UNITS[limit.unit]}`;
}

/** Who signs for a unit, by the unit's kind. */
export function leaderTitle(kind: string | undefined): string {
  return kind === "department" || kind === "centre"
    ? "Giám đốc"
    : kind === "division"
      ? "Trưởng phòng"
      : "Chủ tịch";
}
