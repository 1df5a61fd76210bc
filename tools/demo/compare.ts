import type { Caller } from "./caller.ts";
import type { Made } from "./day.ts";
import type { DossierView, HistoryEntry } from "./dossier-view.ts";
import type { PortalStub } from "./portal-stub.ts";

/** One thing in which the portal does not hold what we hold. */
export interface Difference {
  code: string;
  what: string;
  ours: string;
  theirs: string;
}

/** Events that tell the portal nothing about progress (contract.md, "National portal"). */
const WITHOUT_PROGRESS = ["CORRECT", "CALENDAR_CHANGED"];

/** Compares every dossier with what the portal holds: status, promised date, and each step in its order. */
export async function compareAll(
  { caller, portal }: { caller: Caller; portal: PortalStub },
  made: readonly Made[],
): Promise<Difference[]> {
  const found: Difference[] = [];
  const queue = made.values();
  const comparing = async () => {
    for (const dossier of queue) found.push(...(await compareOne({ caller, portal }, dossier)));
  };
  await Promise.all(Array.from({ length: 8 }, comparing));
  return found;
}

async function compareOne(
  { caller, portal }: { caller: Caller; portal: PortalStub },
  { code, frontdesk, acceptedAtOnce }: Made,
): Promise<Difference[]> {
  const who = { username: frontdesk };
  const step = "compare with the portal";
  const [view, history, held] = await Promise.all([
    caller.get<DossierView>(who, { method: "GET", path: `/dossiers/${code}`, step }),
    caller.get<{ items: HistoryEntry[]; nextCursor: string | null }>(who, {
      method: "GET",
      path: `/dossiers/${code}/events?limit=500`,
      step,
    }),
    portal.received(code),
  ]);
  if (held === undefined) return [{ code, what: "dossier", ours: "present", theirs: "missing" }];
  const due = view.dueAt ?? view.lastDueAt;
  const steps = history.items
    // Filed and accepted in one step at the counter: the portal first hears of the acceptance.
    .filter(({ type }) => !WITHOUT_PROGRESS.includes(type) && !(acceptedAtOnce && type === "FILE"))
    .map(({ status, at }) => `${status} at ${portalTime(at)}`);
  const told = held.progress.map(({ TrangThai, ThoiDiemXuLy }) => `${TrangThai} at ${ThoiDiemXuLy}`);
  const pairs: [string, string, string][] = [
    ["TrangThaiHoSo", String(view.status), held.dossier.TrangThaiHoSo],
    ["NgayHenTra", due === null ? "" : portalTime(due), held.dossier.NgayHenTra],
    ["number of steps", String(steps.length), String(told.length)],
  ];
  const different = pairs.filter(([, ours, theirs]) => ours !== theirs);
  const at = steps.findIndex((one, index) => told[index] !== undefined && told[index] !== one);
  if (at >= 0) different.push([`step ${at + 1}`, steps[at] ?? "", told[at] ?? ""]);
  return different.map(([what, ours, theirs]) => ({ code, what, ours, theirs }));
}

/** An ISO moment of +07:00, as all of ours are, the way the portal writes it. */
function portalTime(moment: string): string {
  return moment.slice(0, 19).replace(/\D/g, "");
}
