import type { VNode } from "preact";
import { stateName } from "../../workflows/standing.ts";
import { checklist } from "../../workflows/declaration.ts";
import { assertAllowed } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { dossierView } from "../dossier/view.ts";
import { Problem } from "../platform/errors.ts";
import type { Desk } from "../web/desk.ts";
import type { Notice } from "../web/desk-page.tsx";
import { DossierPage } from "./dossier-page.tsx";
import { ACTOR_ROLES } from "./dossier-words.ts";
import type { HistoryEntry } from "./history-list.tsx";
import type { PapersTold } from "./papers-section.tsx";
import { lateRiskOf } from "./late-risk.ts";
import { portalStanding } from "./portal-standing.ts";
import { signingStanding } from "./signing-standing.tsx";
import { printableForms } from "./printable-forms.ts";
import { tellEvent } from "./tell-event.ts";
import { namesOf, toldHistory } from "./told-history.ts";
import type { ToldEvent } from "./told-history.ts";
import { whyNot } from "./why-not.ts";

/** Gathers all that the page of a dossier tells this member of staff. */
export async function showDossier(
  deps: Deps,
  desk: Desk,
  caller: Caller,
  dossier: DossierRecord,
  papersTold: PapersTold,
  notice?: Notice,
): Promise<VNode> {
  const view = await dossierView(deps, dossier, caller);
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const events = await toldHistory(deps, dossier.id);
  const names = await namesOf(deps, [dossier.facts.assignee, ...peopleIn(events)]);
  const context = { agencies: deps.agencies, declaration, names };
  const history: HistoryEntry[] = events.map((event) => ({
    seq: event.seq,
    at: event.at,
    actorName: byWhom(event),
    roleName: ACTOR_ROLES[event.actorRole] ?? event.actorRole,
    unitName: event.actorAgency === null ? "" : (deps.agencies.get(event.actorAgency)?.name ?? ""),
    ...tellEvent(event, context),
  }));
  const components = [
    ...checklist(declaration, dossier.case)
      .filter(({ kind }) => kind === undefined)
      .map(({ code, title }) => ({ value: code, label: title })),
    { value: "minutes", label: "Biên bản" },
    { value: "result", label: "Dự thảo kết quả, kết quả" },
    { value: "other", label: "Giấy tờ khác" },
  ];
  const { assignee } = dossier.facts;
  return (
    <DossierPage
      desk={desk}
      dossier={dossier}
      view={view}
      now={deps.clock.now()}
      stepName={stateName(config, dossier.workState)}
      unitName={(code) => deps.agencies.get(code)?.name ?? code}
      assigneeName={assignee === null ? null : (names.get(assignee) ?? assignee)}
      history={history}
      whyNot={whyNotNamed(await whyNot(deps, dossier, caller, view.allowedEvents), names)}
      portal={await portalStanding(deps, dossier.id)}
      risk={await lateRiskOf(deps.db, dossier, deps.clock.now())}
      signing={await signingStanding(deps, dossier.id)}
      components={components}
      papersTold={papersTold}
      mayUpload={await mayUpload(deps, dossier, caller)}
      forms={printableForms(dossier, events)}
      notice={notice}
    />
  );
}

/** Who acted: citizen, worker and portal are nobody's account. */
export function byWhom({ actor, actorName, actorRole }: ToldEvent): string {
  return ["citizen", "worker", "portal"].includes(actorRole) && actorName === actor
    ? (ACTOR_ROLES[actorRole] ?? actor)
    : actorName;
}

/** The accounts that events speak of. */
function peopleIn(events: readonly ToldEvent[]): string[] {
  return events.flatMap(({ data, details }) => {
    const consent = details.leaderConsent as { username?: unknown } | undefined;
    return [data.assignee, consent?.username].filter((one): one is string => typeof one === "string");
  });
}

/** Rules know accounts by their user names; people by their own. */
function whyNotNamed(reasons: { reason: string; labels: string[] }[], names: Map<string, string>) {
  return reasons.map(({ reason, labels }) => ({
    labels,
    reason: [...names].reduce((text, [username, name]) => text.replaceAll(username, name), reason),
  }));
}

async function mayUpload(deps: Deps, dossier: DossierRecord, caller: Caller): Promise<boolean> {
  try {
    await assertAllowed(deps, dossier, { type: "ADD_DOCUMENT", caller, payload: { component: "other" } });
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return false;
    throw error;
  }
}
