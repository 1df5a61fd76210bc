import type { Caller } from "../../server/dossier/deps.ts";
import { portalMessages } from "../../server/dossier/portal-message.ts";
import type { PortalContext } from "../../server/dossier/portal-message.ts";
import { searchText } from "../../server/dossier/search-text.ts";
import { projectTime } from "../../server/dossier/time.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import type { Life } from "./life.ts";
import type { World } from "./world.ts";

/** Writes down the dossier itself, as it is after its last event. */
export function settle(world: World, life: Life, { config }: ReadyMachine): void {
  const { record, outgoing } = life;
  const { facts, people } = record;
  const stepDueAt =
    record.closedAt === null
      ? projectTime(facts, config.meta.declared, record.workState, life.calendar).stepDueAt
      : null;
  const last = { type: "FILE" as const, seq: record.headSeq, at: "", caller: NOBODY, payload: {} };
  const { digest } = portalMessages(record, { ...toldOf(world, life), event: last, digest: null });
  world.rows.add("dossiers", [
    record.id,
    record.code,
    record.portalCode,
    record.versionId,
    record.procedureCode,
    record.case,
    record.tier,
    record.agency,
    facts.places.intake,
    facts.places.processing,
    `{${record.consulted.join(",")}}`,
    facts.assignee,
    record.channel,
    record.returnMethod,
    record.status,
    JSON.stringify(record.state),
    record.workState,
    JSON.stringify(facts),
    record.version,
    record.submittedAt,
    record.receivedAt,
    record.closedAt,
    record.answerBy,
    record.dueAt,
    record.lastDueAt,
    record.provisional,
    record.pausedSince,
    record.remaining === null ? null : JSON.stringify(record.remaining),
    stepDueAt,
    record.calendarMissing,
    record.secretCipher,
    record.secretHmac,
    record.headSeq,
    record.headHash,
    digest,
    life.updatedAt,
  ]);
  world.rows.add("dossier_people", [
    record.id,
    JSON.stringify(people.applicant),
    people.owner === null ? null : JSON.stringify(people.owner),
    people.authorisation,
    people.note,
    people.applicant.identity.number,
    searchText(record, people),
  ]);
  if (outgoing !== undefined)
    world.rows.add("document_numbers", [
      outgoing.agency,
      outgoing.year,
      outgoing.number,
      outgoing.symbol,
      record.id,
      outgoing.settledAt === null ? "reserved" : "issued",
      outgoing.at,
      outgoing.settledAt,
    ]);
}

/** What the portal is told by, beside the event. */
export function toldOf(
  world: World,
  life: Life,
): Pick<PortalContext, "declaration" | "agencies" | "publicUrl"> {
  return {
    declaration: life.matter.version.declaration,
    agencies: world.agencies,
    publicUrl: world.publicUrl,
  };
}

const NOBODY: Caller = { kind: "worker", username: "", name: "", roles: [], agency: null };
