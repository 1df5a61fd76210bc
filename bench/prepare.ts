import { readConfig } from "../server/config.ts";
import { openDatabase } from "../server/platform/database.ts";
import { openLog } from "../server/platform/log.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { sender } from "./load.ts";
import type { Target } from "./load.ts";
import { PASSWORD, type System } from "./system.ts";

export interface Prepared {
  target: Target;
  databaseUrl: string;
  ownerUrl: string;
  /** Accepted dossiers over all agencies, the agencies taking turns. */
  dossiers: { id: number; code: string; token: string }[];
  applications: { token: string; body: unknown }[];
  agencies: number;
  close(): Promise<void>;
}

const COMMUNES = 24;
const PROCEDURE = "1.001776";

/** Front desks of two dozen communes, who each file for their own; `each` accepted dossiers of every one. */
export async function prepare(system: System, each: number): Promise<Prepared> {
  const target = { host: "127.0.0.1", port: Number(new URL(system.url).port) };
  const config = readConfig({ DATA_DIR: system.dataDir });
  // The database runs already: this only finds it.
  const found = await keepDatabaseRunning(config, () => undefined, openLog("bench", "silent"));
  const owner = openDatabase(found.ownerUrl, undefined, { max: 2 });
  await owner.raw(
    `insert into accounts (username, name, agency, roles, password_hash, demonstration)
     select 'bench.' || g.code, 'Cán bộ Đo ' || g.code, g.code, '{frontdesk,specialist,leader}', a.password_hash, false
       from (select code from agencies where kind = 'commune' order by code limit ?) g,
            (select password_hash from accounts where username = 'commune.frontdesk') a
     on conflict (username) do nothing`,
    [COMMUNES],
  );
  const communes = await owner
    .select<{ code: string }[]>("code")
    .from("agencies")
    .where({ kind: "commune" })
    .orderBy("code")
    .limit(COMMUNES);
  const { send, close } = sender(target, 8);
  const papers = JSON.parse(
    (await send({ method: "GET", path: `/api/v1/procedures/${PROCEDURE}` })).body,
  ) as {
    cases: { code: string }[];
    documents: { code: string; case?: string; required: boolean; kind?: string }[];
  };
  const caseCode = papers.cases[0]?.code ?? null;
  const documents = papers.documents
    .filter((paper) => paper.kind === undefined && (paper.case === undefined || paper.case === caseCode))
    .map(({ code }) => ({ code, originals: 1, copies: 0 }));
  const applications: Prepared["applications"] = [];
  for (const { code } of communes) {
    const body = { username: `bench.${code}`, password: PASSWORD };
    const session = await send({ method: "POST", path: "/api/v1/sessions", body });
    if (session.status !== 201) throw new Error(`cannot log in: ${session.body}`);
    const { token } = JSON.parse(session.body) as { token: string };
    applications.push({ token, body: applicationOf(code, caseCode, documents) });
  }
  const dossiers: Prepared["dossiers"] = [];
  for (let round = 0; round < each; round++)
    for (const { token, body } of applications) {
      const answer = await send({ method: "POST", path: "/api/v1/dossiers", token, body });
      if (answer.status !== 201) throw new Error(`cannot file: ${answer.body}`);
      dossiers.push({ id: 0, code: (JSON.parse(answer.body) as { code: string }).code, token });
    }
  const rows = await owner.select<{ id: number; code: string }[]>("id", "code").from("dossiers");
  const ids = new Map(rows.map(({ id, code }) => [code, id]));
  for (const dossier of dossiers) dossier.id = ids.get(dossier.code) ?? 0;
  close();
  return {
    target,
    databaseUrl: found.url,
    ownerUrl: found.ownerUrl,
    dossiers,
    applications,
    agencies: communes.length,
    close: () => owner.destroy(),
  };
}

function applicationOf(agencyCode: string, caseCode: string | null, documents: unknown[]) {
  return {
    procedureCode: PROCEDURE,
    case: caseCode,
    agencyCode,
    channel: "counter",
    applicant: {
      kind: "citizen",
      name: "Nguyễn Thị Thử",
      identity: { type: "cccd", number: "093190000001" },
      phone: "0900000001",
      address: { province: "Hậu Giang", commune: "Xã Đại Thành" },
    },
    documents,
    returnMethod: "counter",
    note: "",
    accept: true,
  };
}
