import { createHash, randomBytes } from "node:crypto";
import type { Knex } from "knex";
import type { Desk } from "../server/web/desk.ts";
import { pageText } from "../server/web/layout.tsx";
import { WorkListPage } from "../server/processing/work-list-page.tsx";
import type { ShownRow, WorkListProps } from "../server/processing/work-list-page.tsx";
import { listOf, listsFor } from "../server/processing/work-lists.ts";

/** An officer with a session, and the pages that he opens in turn. */
export interface Officer {
  cookie: string;
  paths: string[];
}

/** Officers of the busiest units of every tier, with sessions that hold at the program's present. */
export async function seatOfficers(owner: Knex, count: number, now: Date): Promise<Officer[]> {
  const { rows } = await owner.raw<{ rows: { id: number; roles: string[] }[] }>(
    `with busy as (
       select processing_agency as code, count(*) as open,
          row_number() over (partition by tier order by count(*) desc) as place
         from dossiers where closed_at is null group by processing_agency, tier)
     select a.id, a.roles from busy b join accounts a on a.agency = b.code and a.active
      where 'specialist' = any(a.roles) or 'frontdesk' = any(a.roles) or 'leader' = any(a.roles)
      order by b.place, b.open desc, a.id limit ?`,
    [count],
  );
  const officers: Officer[] = [];
  for (const { id, roles } of rows) {
    // Whose password was set for him is led to change it first.
    await owner("accounts").where({ id }).update({ password_once: false });
    const token = randomBytes(32).toString("base64url");
    await owner("sessions").insert({
      token_hash: createHash("sha256").update(token).digest(),
      account_id: id,
      created_at: now,
      expires_at: new Date(now.getTime() + 8 * 3_600_000),
    });
    const lists = listsFor(roles).map(({ key }) => `/ho-so?loc=${key}`);
    const others = [
      "/ho-so?loc=don-vi&sapXep=nop",
      "/ho-so?loc=don-vi&q=thu",
      "/ho-so?loc=don-vi&trangThai=4",
    ];
    officers.push({ cookie: `phien=${token}`, paths: [...lists, ...others] });
  }
  return officers;
}

/** Milliseconds that a list of 50 rows takes from what was read to its HTML, in the order of the runs. */
export function renderTimes(runs: number): number[] {
  const desk: Desk = {
    username: "do.luong",
    name: "Cán bộ Đo",
    agency: "000.15.32.H30",
    unitName: "UBND xã Đại Thành",
    roles: ["frontdesk", "specialist"],
    csrf: "x".repeat(43),
    path: "/ho-so?loc=don-vi",
  };
  const now = new Date("2026-11-23T08:00:00+07:00");
  const rows = Array.from({ length: 50 }, (_, at): ShownRow => row(at, now));
  const lists = listsFor(desk.roles);
  const props: WorkListProps = {
    desk,
    now,
    list: listOf("don-vi", desk.roles),
    lists,
    counts: new Map(lists.map(({ key }, at) => [key, at * 7])),
    typed: {
      ...{ q: "", status: "", procedure: "", field: "", dueFrom: "", dueTo: "", assignee: "" },
      ...{ order: "", after: "", narrowed: false, address: (end: string) => `/ho-so?sau=${end}` },
    },
    rows,
    next: "2026-11-25T10:00:00.000000Z~12345",
    fields: ["Hộ tịch", "Chứng thực", "Đất đai"],
    colleagues: [{ username: "thu.mot", name: "Cán bộ Thử", active: true, open: 12 }],
    missing: undefined,
    chosen: new Set(),
  };
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begun = performance.now();
    const text = pageText(WorkListPage(props));
    times.push(performance.now() - begun);
    if (!text.includes(rows[49]?.code ?? "?")) throw new Error("the page lacks a row");
  }
  return times;
}

function row(at: number, now: Date): ShownRow {
  const dueAt = new Date(now.getTime() + (at - 5) * 3_600_000);
  return {
    id: at,
    code: `000.15.32.H30-261120-${String(at + 1).padStart(4, "0")}`,
    versionId: 1,
    tier: "commune",
    applicant: `Nguyễn Thị Thử ${at}`,
    channel: "counter",
    processing: "000.15.32.H30",
    intake: "000.15.32.H30",
    assignee: "thu.mot",
    assigneeName: "Cán bộ Thử",
    status: 4,
    workState: "verifying",
    submittedAt: new Date(now.getTime() - 86_400_000),
    receivedAt: new Date(now.getTime() - 86_400_000),
    closedAt: null,
    answerBy: null,
    dueAt,
    lastDueAt: dueAt,
    provisional: false,
    pausedSince: null,
    calendarMissing: false,
    portal: "sent",
    ...{ risk: null, promise: null },
    procedure: "Thủ tục đăng ký khai sinh có yếu tố nước ngoài tại khu vực biên giới",
    step: "Thẩm tra hồ sơ",
    holder: "Cán bộ Thử",
  };
}
