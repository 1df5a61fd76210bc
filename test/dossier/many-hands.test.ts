import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, it } from "mocha";
import { checkHistory } from "../../server/dossier/check-history.ts";
import type { Deps } from "../../server/dossier/deps.ts";
import { openDeps } from "../../server/open-deps.ts";
import { withTestApp } from "../support/app.ts";
import type { Reply } from "../support/app.ts";
import { applicationFor, expectStatus, filed, SCAN } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";
const CERTIFY = "2.000815";
const DESK = "commune.frontdesk";

interface HistoryBody {
  items: { seq: number; type: string; actor: string; status: number }[];
}

/** One truth under many hands: whatever is done at the same time, there is one order in which it was done. */
describe("many hands", function () {
  this.timeout(60_000);
  const app = withTestApp();
  let deps: Deps;

  before(async () => {
    deps = await openDeps(app.parts);
    // Colleagues at the same counter.
    await app.database.open().raw(
      `insert into accounts (username, name, agency, roles, password_hash, demonstration)
       select 'commune.frontdesk' || n, 'Cán bộ Thử quầy ' || n, agency, roles, password_hash, true
         from accounts, generate_series(2, 4) n where username = 'commune.frontdesk'`,
    );
    for (const desk of [DESK, "commune.frontdesk2"]) expectStatus(await app.as(desk).get("/dossiers"), 200);
  });

  const eventsOf = async (code: string) =>
    (await app.as(DESK).get<HistoryBody>(`/dossiers/${code}/events`)).body.items;
  const wholeHistory = async () => assert.deepEqual((await checkHistory(deps)).findings, []);
  const counted = async (table: string, where: Record<string, unknown> = {}) =>
    Number((await app.database.open("app")(table).where(where).count<{ n: number }[]>("* as n"))[0]?.n);

  it("32 clients take numbers of one agency: none twice, none left out, refusals leave no gap", async () => {
    const body = await applicationFor(app, CERTIFY, COMMUNE);
    const incomplete = { ...body, documents: [], accept: true };
    const wrong = { ...body, applicant: { ...body.applicant, phone: "" } };
    const client = async (number: number) => {
      const codes: string[] = [];
      for (let round = 0; round < 4; round++) {
        // Every fourth is refused: by what is missing for acceptance (after its number was taken), or by a field.
        const sent =
          (number + round) % 4 !== 0 ? { ...body, accept: round % 2 === 0 } : round % 2 ? wrong : incomplete;
        const reply = await app
          .as(number % 2 ? DESK : "commune.frontdesk2")
          .post<DossierBody>("/dossiers", sent);
        if (sent === wrong) expectStatus(reply, 422);
        else if (sent === incomplete) assert.ok([409, 422].includes(reply.status), String(reply.status));
        else codes.push(expectStatus(reply, 201).code);
      }
      return codes;
    };
    const codes = (await Promise.all(Array.from({ length: 32 }, (_, number) => client(number))))
      .flat()
      .sort();
    assert.equal(codes.length, 96);
    assert.deepEqual(
      codes,
      Array.from({ length: 96 }, (_, at) => `${COMMUNE}-261123-${String(at + 1).padStart(4, "0")}`),
    );
    assert.equal(await counted("dossiers"), 96);
    await wholeHistory();
  });

  it("of four officers on one dossier one wins, and three are told who did what", async () => {
    const officers = [DESK, "commune.frontdesk2", "commune.frontdesk3", "commune.frontdesk4"];
    for (let round = 0; round < 5; round++) {
      const dossier = await filed(app, DESK, CERTIFY, COMMUNE, { accept: true });
      const asks: Record<string, unknown>[] = [
        { type: "REQUEST_SUPPLEMENT", reason: "Thiếu.", items: [{ text: "Bản sao" }] },
        { type: "REQUEST_WITHDRAWAL", reason: "Không còn nhu cầu." },
        {
          type: "CORRECT",
          fields: [{ path: "applicant.phone", before: "0900000001", after: "0900000002" }],
          reason: "Nhập nhầm.",
        },
        { type: "REQUEST_PAYMENT", feeCode: "other", amount: 10_000, ground: "Thử nghiệm" },
      ];
      const replies = await Promise.all(
        officers.map((officer, at) =>
          app.as(officer).post(`/dossiers/${dossier.code}/events`, asks[(at + round) % 4], {
            "If-Match": `"${dossier.version}"`,
          }),
        ),
      );
      const winner = replies.findIndex(({ status }) => status === 200);
      assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 412, 412, 412]);
      const last = (await eventsOf(dossier.code)).at(-1);
      assert.equal(last?.actor, officers[winner]);
      for (const { status, body } of replies) {
        if (status === 200) continue;
        assert.equal(body.changedBy, officers[winner]);
        assert.equal(body.change, asks[(winner + round) % 4]?.type);
        assert.equal(body.version, dossier.version + 1);
        assert.match(String(body.detail), /Hãy tải lại hồ sơ/);
      }
      assert.equal((await eventsOf(dossier.code)).length, 3);
    }
    await wholeHistory();
  });

  /** Sends the same thing ten times at once under one key; answers the one answer that all must have got. */
  async function tenTimes<T>(send: (headers: Record<string, string>) => Promise<Reply<T>>, status: number) {
    const headers = { "Idempotency-Key": randomUUID() };
    const replies = await Promise.all(Array.from({ length: 10 }, () => send(headers)));
    const again = await send(headers);
    for (const reply of [...replies, again]) {
      expectStatus(reply, status);
      assert.deepEqual(reply.body, replies[0]?.body);
      assert.equal(reply.headers.get("etag"), replies[0]?.headers.get("etag"));
    }
    return { body: again.body, key: headers["Idempotency-Key"] };
  }

  it("the same filing ten times at once is one dossier and one answer", async () => {
    const before = await counted("dossiers");
    const body = await applicationFor(app, CERTIFY, COMMUNE, { accept: true });
    const { body: dossier, key } = await tenTimes(
      (headers) => app.as(DESK).post<DossierBody>("/dossiers", body, headers),
      201,
    );
    assert.equal(await counted("dossiers"), before + 1);
    assert.equal((await eventsOf(dossier.code)).length, 2);

    const other = await app
      .as(DESK)
      .post("/dossiers", { ...body, note: "Khác." }, { "Idempotency-Key": key });
    expectStatus(other, 409);
    assert.equal(other.body.code, "idempotency-key-reused");
    // The key is the caller's own: somebody else's is another.
    expectStatus(await app.as("commune.frontdesk2").post("/dossiers", body, { "Idempotency-Key": key }), 201);
  });

  it("the same event ten times at once is one event, with and without If-Match", async () => {
    for (const ifMatch of [true, false]) {
      const { code, version } = await filed(app, DESK, CERTIFY, COMMUNE);
      const { body, key } = await tenTimes(
        (headers) =>
          app
            .as(DESK)
            .post<DossierBody>(
              `/dossiers/${code}/events`,
              { type: "ACCEPT" },
              { ...headers, ...(ifMatch ? { "If-Match": `"${version}"` } : {}) },
            ),
        200,
      );
      assert.equal(body.version, version + 1);
      assert.deepEqual(
        (await eventsOf(code)).map(({ type }) => type),
        ["FILE", "ACCEPT"],
      );
      const other = await app
        .as(DESK)
        .post(`/dossiers/${code}/events`, { type: "REFUSE", reason: "Khác." }, { "Idempotency-Key": key });
      expectStatus(other, 409);
      assert.equal(other.body.code, "idempotency-key-reused");
    }
  });

  it("the same upload ten times at once is one paper, with and without If-Match", async () => {
    for (const ifMatch of [true, false]) {
      const { code, version } = await filed(app, DESK, CERTIFY, COMMUNE, { accept: true });
      const { body, key } = await tenTimes(
        (headers) =>
          app.as(DESK).upload<{ id: string }>(`/dossiers/${code}/documents`, { component: "other" }, SCAN, {
            ...headers,
            ...(ifMatch ? { "If-Match": `"${version}"` } : {}),
          }),
        201,
      );
      const after = expectStatus(await app.as(DESK).get<DossierBody>(`/dossiers/${code}`), 200);
      assert.deepEqual(
        after.documents.map(({ id }) => id),
        [body.id],
      );
      assert.equal((await eventsOf(code)).length, 3);
      const other = await app
        .as(DESK)
        .upload(
          `/dossiers/${code}/documents`,
          { component: "other" },
          { ...SCAN, bytes: Buffer.concat([SCAN.bytes, Buffer.of(0)]) },
          { "Idempotency-Key": key },
        );
      expectStatus(other, 409);
    }
  });

  it("the same signature ten times at once is one; the same seal too; no number of the register is lost", async () => {
    const sample = SAMPLES.find(({ process }) => process === "b")!;
    const isSigning = ({ state }: DossierBody) => state === "signing";
    const { dossier } = await walk(app, sample, { until: isSigning });
    for (const [type, person] of [
      ["SIGN", "commune.leader"],
      ["SEAL", "commune.clerk"],
    ] as const) {
      const { version } = expectStatus(
        await app.as(person).get<DossierBody>(`/dossiers/${dossier.code}`),
        200,
      );
      const { body } = await tenTimes(
        (headers) =>
          app
            .as(person)
            .post<DossierBody>(
              `/dossiers/${dossier.code}/events`,
              { type },
              { ...headers, "If-Match": `"${version}"` },
            ),
        200,
      );
      assert.equal(body.version, version + 1);
    }
    const types = (await eventsOf(dossier.code)).map(({ type }) => type);
    assert.equal(types.filter((type) => type === "SIGN").length, 1);
    assert.equal(types.filter((type) => type === "SEAL").length, 1);
    const numbers = await app.database
      .open("app")
      .select<{ number: number; state: string; reason: string | null }[]>("number", "state", "reason")
      .from("document_numbers")
      .orderBy("number");
    assert.deepEqual(
      numbers.map(({ number }) => number),
      numbers.map((_, at) => at + 1),
    );
    assert.equal(numbers.filter(({ state }) => state === "issued").length, 1);
    for (const { state, reason } of numbers)
      if (state !== "issued") assert.ok(state === "cancelled" && reason);
    await wholeHistory();
  });
});
