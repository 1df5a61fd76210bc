import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { openDeps } from "../../server/open-deps.ts";
import { fillStore } from "../../server/person-store/fill-store.ts";
import { usedFacts } from "../../server/recognition/used-facts.ts";
import { withTestApp } from "../support/app.ts";
import {
  acted,
  applicationFor,
  digitized,
  expectStatus,
  filed,
  papersOf,
  SCAN,
} from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { atDesk } from "../support/pages.ts";
import type { PageReply } from "../support/pages.ts";
import { applicant } from "../support/people.ts";
import { withTestPortal } from "../support/portal.ts";
import { received, walk } from "../support/walk.ts";
import type { Sample } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";
const LABOUR = "000.00.12.H30";
/** Gives a certificate of disability, which the other procedure asks for as paper 04. */
const CERTIFICATE: Sample = {
  process: "b",
  procedure: "1.001653",
  agency: COMMUNE,
  frontdesk: "commune.frontdesk",
  units: ["commune"],
};
const CARE = "2.000286";
const MA_KET_QUA = "000.00.00.H30-KQ1001653";

interface Offer {
  entry: string;
  documentCode: string;
  source: string;
  title: string;
  number: string | null;
  issuedOn: string | null;
  validTo: string | null;
  issuer: string | null;
}
interface Entry {
  id: string;
  component: string;
  source: string;
  title: string;
  number: string | null;
  state: string;
  uses: number;
}

describe("the person's store of digitized papers", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const portal = withTestPortal(app);
  const desk = () => app.as("commune.frontdesk");
  const person = applicant();
  const stranger = applicant({ identity: { type: "cccd", number: "093190000777" }, name: "Trần Văn Lạ" });

  let issued: DossierBody;
  let scanned: DossierBody;

  const fill = async () => fillStore(await openDeps(app.parts), usedFacts(await openDeps(app.parts)));
  const search = (who: string, changes: Record<string, unknown> = {}) =>
    app.as(who).post<{ items: Offer[] }>("/person-store/searches", {
      identity: person.identity,
      procedureCode: CARE,
      consent: true,
      ...changes,
    });
  const offered = async (who: string, changes: Record<string, unknown> = {}) =>
    expectStatus(await search(who, changes), 200).items;
  const entriesOf = async ({ code }: DossierBody) =>
    expectStatus(await desk().get<{ items: Entry[] }>(`/dossiers/${code}/store-papers`), 200).items;
  const change = (
    dossier: DossierBody,
    id: string,
    body: Record<string, unknown>,
    who = "commune.frontdesk",
  ) => app.as(who).post<Entry & { code: string }>(`/dossiers/${dossier.code}/store-papers/${id}`, body);
  const usesOf = async (action: string) =>
    app.database.open()("person_store_uses").where({ action }).orderBy("id") as Promise<
      { by_username: string; agency: string; entries: string[]; present: boolean; dossier_id: number }[]
    >;

  before(async () => {
    issued = (await walk(app, CERTIFICATE, { until: ({ status }) => status === 9 })).dossier;
    scanned = await filed(app, "commune.frontdesk", CARE, LABOUR, { accept: true });
    await digitized(app, "commune.frontdesk", scanned, CARE);
  });

  it("takes in what was digitized and what was issued, after the act and not in it", async () => {
    assert.deepEqual(await entriesOf(issued), []);
    assert.ok((await fill()) >= 2);
    assert.equal(await fill(), 0, "nothing comes in twice");
    const [result] = await entriesOf(issued);
    assert.equal(result?.component, "result");
    assert.equal(result.title, "Giấy xác nhận khuyết tật");
    assert.match(result.number ?? "", /^\d+\//);
    const scans = await entriesOf(scanned);
    // The person's own application form, and what only says "other papers", are no papers to use again.
    assert.deepEqual(
      scans.map(({ component, source }) => `${component} ${source}`),
      ["01 scan", "03 scan", "04 scan"],
    );
  });

  it("keeps whose they are from whoever reads the tables", async () => {
    const db = app.database.open();
    const { rows } = await db.raw<{ rows: { all: string }[] }>(
      `select coalesce(string_agg(t::text, ' '), '') as all from person_store t`,
    );
    const { rows: uses } = await db.raw<{ rows: { all: string }[] }>(
      `select coalesce(string_agg(t::text, ' '), '') as all from person_store_uses t`,
    );
    assert.ok((rows[0]?.all.length ?? 0) > 100);
    const number = person.identity.number;
    for (const text of [rows[0]?.all ?? "", uses[0]?.all ?? ""])
      for (const form of [number, Buffer.from(number).toString("hex")]) assert.ok(!text.includes(form));
  });

  it("is searched with consent alone, by front desks alone", async () => {
    assert.equal((await search("commune.frontdesk", { consent: false })).status, 422);
    const specialist = await search("commune.specialist");
    assert.equal(specialist.status, 403);
    assert.equal((specialist.body as unknown as { code: string }).code, "not-front-desk");
    const offers = await offered("commune.frontdesk");
    assert.deepEqual(
      offers.map(({ documentCode, source }) => `${documentCode} ${source}`),
      ["01 scan", "03 scan", "04 scan", "04 result"],
    );
    const certificate = offers.find(({ source }) => source === "result");
    assert.equal(certificate?.issuedOn, "2026-11-23");
    assert.equal(certificate.issuer, "UBND xã Đại Thành");
  });

  it("shows nothing of it to a person who is another, and other units nothing while he is not there", async () => {
    assert.deepEqual(await offered("commune.frontdesk", { identity: stranger.identity }), []);
    assert.deepEqual(await offered("centre.frontdesk"), []);
    assert.equal((await offered("centre.frontdesk", { present: true })).length, 4);
    const looks = await usesOf("look");
    assert.deepEqual(
      looks.slice(-3).map(({ by_username: by, present, entries }) => [by, present, entries.length]),
      [
        ["commune.frontdesk", false, 0],
        ["centre.frontdesk", false, 0],
        ["centre.frontdesk", true, 4],
      ],
    );
  });

  describe("a second dossier of the same person", () => {
    let second: DossierBody;
    const reuse = async (holder = person, present = false) => {
      const offers = await offered("commune.frontdesk");
      const entry = (code: string, source: string) =>
        offers.find((offer) => offer.documentCode === code && offer.source === source)?.entry ?? "";
      return desk().post<DossierBody & { errors?: { path: string }[] }>("/dossiers", {
        ...(await applicationFor(app, CARE, LABOUR, { accept: true, applicant: holder })),
        documents: [
          { code: "01", originals: 0, copies: 1 },
          { code: "02", originals: 1 },
        ],
        reuse: {
          consent: true,
          present,
          papers: [
            { code: "03", entry: entry("03", "scan") },
            { code: "04", entry: entry("04", "result") },
          ],
        },
      });
    };

    it("is received with them: they count as handed in and need no scan", async () => {
      second = expectStatus(await reuse(), 201);
      assert.equal(second.status, 2);
      assert.match(String(second.note), /đồng ý dùng lại giấy tờ trong kho dữ liệu điện tử.*: 03, 04\./);
      const before = await desk().get<DossierBody>(`/dossiers/${scanned.code}`);
      const scan = before.body.documents.find(({ component }) => component === "03");
      const again = second.documents.find(({ component }) => component === "03");
      assert.equal(again?.sha256, scan?.sha256);
      assert.deepEqual(
        second.documents.map((paper) => [paper.component, (paper as { reused?: boolean }).reused]),
        [
          ["03", true],
          ["04", true],
        ],
      );
      for (const component of ["01", "02"])
        expectStatus(await desk().upload(`/dossiers/${second.code}/documents`, { component }, SCAN), 201);
      const after = await acted(desk(), second.code, { type: "DIGITIZE" });
      assert.equal(after.state, "digitized");
    });

    it("is not received with them for a third person, nor twice for one paper", async () => {
      const refused = await reuse(stranger);
      assert.equal(refused.status, 422);
      assert.equal((refused.body as unknown as { code: string }).code, "paper-not-reusable");
      assert.deepEqual(
        refused.body.errors?.map(({ path }) => path),
        ["reuse.papers.0.entry", "reuse.papers.1.entry"],
      );
    });

    it("tells the portal so: 1 for a scan, 2 and MaKetQuaThayThe for a result", async () => {
      await portal.settled();
      const { dossier } = await portal.received(second.code);
      const papers = dossier.TaiLieuNop as Record<string, string>[];
      const told = papers
        .map((paper) => [paper.MaThanhPhanHoSo, paper.DuocSoHoa, paper.DuocTaiSuDung, paper.MaKetQuaThayThe])
        .sort();
      assert.deepEqual(told, [
        ["01", "1", "0", ""],
        ["02", "1", "0", ""],
        ["03", "1", "1", ""],
        ["04", "1", "2", MA_KET_QUA],
      ]);
    });

    it("keeps a whole history, a receipt that says so, and a line in the log", async () => {
      const events = await desk().get<{ items: { type: string; data: Record<string, unknown> }[] }>(
        `/dossiers/${second.code}/events`,
      );
      const added = events.body.items.filter(({ type }) => type === "ADD_DOCUMENT");
      assert.equal(added.length, 4);
      const uses = await usesOf("use");
      assert.equal(uses.length, 1);
      assert.equal(uses[0]?.by_username, "commune.frontdesk");
      assert.equal(uses[0].entries.length, 2);
      const [entry] = (await entriesOf(issued)).filter(({ component }) => component === "result");
      assert.equal(entry?.uses, 1);
    });

    it("is told to the citizen with the secret, and to nobody without it", async () => {
      const secret = { "X-Dossier-Secret": second.secret };
      const mine = await app.as().get<{ reused?: { title: string }[] }>(`/tracking/${second.code}`, secret);
      assert.deepEqual(
        mine.body.reused?.map(({ title }) => title),
        ["Xác nhận của cơ quan y tế có thẩm quyền", "Bản sao Giấy xác nhận khuyết tật"],
      );
      const anybody = await app.as().get<{ reused?: unknown }>(`/tracking/${second.code}`);
      assert.equal(anybody.body.reused, undefined);
      const page = await fetch(`${app.url}/tra-cuu/${second.code}`, {
        method: "POST",
        body: new URLSearchParams({ secret: second.secret }),
      });
      assert.match(await page.text(), /Giấy tờ dùng lại từ kho dữ liệu điện tử của bạn/);
    });

    it("does not bring the same papers in once more", async () => {
      await fill();
      assert.deepEqual(
        (await entriesOf(second)).map(({ component }) => component),
        ["01"],
      );
    });
  });

  describe("never offers", () => {
    const codes = async () => (await offered("commune.frontdesk")).map(({ entry }) => entry);

    it("what has expired on the day, and what is not valid yet", async () => {
      const paper = (await entriesOf(scanned)).find(({ component }) => component === "03")!;
      expectStatus(await change(scanned, paper.id, { validTo: "2026-11-23", number: "12/XN-YT" }), 200);
      assert.ok((await codes()).includes(paper.id), "on its last day it holds");
      const offer = (await offered("commune.frontdesk")).find(({ entry }) => entry === paper.id);
      assert.equal(offer?.validTo, "2026-11-23");
      assert.equal(offer.number, "12/XN-YT");
      expectStatus(await change(scanned, paper.id, { validTo: "2026-11-22" }), 200);
      assert.ok(!(await codes()).includes(paper.id));
      expectStatus(await change(scanned, paper.id, { validTo: null, validFrom: "2026-11-24" }), 200);
      assert.ok(!(await codes()).includes(paper.id));
      const wrong = await change(scanned, paper.id, { validTo: "2026-11-01" });
      assert.equal(wrong.status, 422);
      expectStatus(await change(scanned, paper.id, { validFrom: null }), 200);
      assert.ok((await codes()).includes(paper.id));
    });

    it("what was withdrawn, which only the desk that took it in may do, once and with a reason", async () => {
      const [paper] = await entriesOf(scanned);
      assert.ok(paper);
      assert.equal((await change(scanned, paper.id, { state: "withdrawn" })).status, 422);
      const other = await change(
        scanned,
        paper.id,
        { state: "withdrawn", reason: "Thử." },
        "commune.specialist",
      );
      assert.equal(other.status, 403);
      expectStatus(await change(scanned, paper.id, { state: "withdrawn", reason: "Quét nhầm giấy." }), 200);
      assert.ok(!(await codes()).includes(paper.id));
      const again = await change(scanned, paper.id, { state: "withdrawn", reason: "Quét nhầm giấy." });
      assert.equal(again.status, 409);
      assert.equal(again.body.code, "store-paper-ended");
    });

    it("papers of a dossier whose identity was corrected", async () => {
      const [result] = await entriesOf(issued);
      assert.ok(result && (await codes()).includes(result.id));
      await acted(desk(), scanned.code, {
        type: "CORRECT",
        reason: "Nhập sai điện thoại.",
        fields: [{ path: "applicant.phone", before: person.phone, after: "0900000002" }],
      });
      const paper = (await entriesOf(scanned)).find(({ component }) => component === "03")!;
      assert.ok((await codes()).includes(paper.id), "a phone number is no identity");
      await acted(desk(), scanned.code, {
        type: "CORRECT",
        reason: "Nhập sai số định danh.",
        fields: [
          { path: "applicant.identity.number", before: person.identity.number, after: "093190000009" },
        ],
      });
      assert.ok(!(await codes()).includes(paper.id));
      assert.deepEqual(
        await offered("commune.frontdesk", { identity: { type: "cccd", number: "093190000009" } }),
        [],
      );
    });
  });

  it("cannot be wiped out of its log by the program", async () => {
    const db = app.database.open("app");
    await assert.rejects(db("person_store_uses").delete(), /permission denied/);
    await assert.rejects(db("person_store_uses").update({ present: true }), /permission denied/);
  });

  it("does not hold up an act that it cannot take the papers of", async () => {
    const third = await received(app, CERTIFICATE);
    await acted(desk(), third.code, { type: "DIGITIZE" });
    const db = app.database.open();
    await db("person_store_queue").insert({
      dossier_id: (await db("dossiers").where({ code: third.code }).first<{ id: number }>("id")).id,
      seq: 1,
      queued_at: new Date(),
    });
    await fill();
    assert.equal((await db("person_store_queue").select()).length, 0, "what brings no papers is done with");
  });

  it("takes in what came by a supplement after the digitization, and what was scanned again", async () => {
    const someone = applicant({ identity: { type: "cccd", number: "093190000555" }, name: "Lê Thị Mẫu" });
    const late = await filed(app, "commune.frontdesk", CARE, LABOUR, { accept: true, applicant: someone });
    const scan = (component: string) =>
      desk().upload<{ id: string }>(`/dossiers/${late.code}/documents`, { component }, SCAN);
    for (const component of (await papersOf(app, CARE)).toScan)
      if (component !== "03") expectStatus(await scan(component), 201);
    const notApplicable = [{ documentCode: "03", reason: "Người nộp hẹn bổ sung sau." }];
    const complete = await acted(desk(), late.code, { type: "DIGITIZE", notApplicable });
    await fill();
    const components = async () => (await entriesOf(late)).map(({ component }) => component);
    assert.deepEqual(await components(), ["01", "04"]);
    const sample = { ...CERTIFICATE, procedure: CARE, agency: LABOUR, units: ["commune", "sldtbxh"] };
    const items = [{ documentCode: "03" }, { documentCode: "04" }];
    const examined = await walk(app, sample, {
      from: complete,
      until: ({ status, assignee }) => status === 4 && assignee !== null,
    });
    await acted(app.as(examined.dossier.assignee ?? ""), late.code, {
      ...{ type: "REQUEST_SUPPLEMENT", reason: "Thiếu giấy tờ.", items },
    });
    for (const component of ["03", "04"]) expectStatus(await scan(component), 201);
    assert.equal(await fill(), 0, "not before the front desk says that this is the supplement");
    await acted(desk(), late.code, {
      type: "SUPPLEMENT",
      documents: items.map(({ documentCode }) => ({ code: documentCode, originals: 1, copies: 0 })),
    });
    assert.equal(await fill(), 2);
    assert.deepEqual(await components(), ["01", "03", "04"]);
    const db = app.database.open();
    const files = async (component: string) =>
      (
        await db("person_store as s")
          .join("dossiers as d", "d.id", "s.dossier_id")
          .where({ "d.code": late.code, component })
          .first<{ document_ids: string[] }>("document_ids")
      ).document_ids.length;
    assert.deepEqual([await files("03"), await files("04")], [1, 2]);
    const offers = await offered("commune.frontdesk", { identity: someone.identity });
    assert.deepEqual(
      offers.map(({ documentCode }) => documentCode),
      ["01", "03", "04"],
    );
  });

  it("takes in what a citizen sent himself once the result is sealed, and not before", async () => {
    const someone = applicant({ identity: { type: "cccd", number: "093190000666" }, name: "Trần Thị Mẫu" });
    const late = await filed(app, "commune.frontdesk", CARE, LABOUR, { accept: true, applicant: someone });
    for (const component of (await papersOf(app, CARE)).toScan)
      if (component !== "03")
        expectStatus(await desk().upload(`/dossiers/${late.code}/documents`, { component }, SCAN), 201);
    const notApplicable = [{ documentCode: "03", reason: "Người nộp hẹn bổ sung sau." }];
    const complete = await acted(desk(), late.code, { type: "DIGITIZE", notApplicable });
    const sample = { ...CERTIFICATE, procedure: CARE, agency: LABOUR, units: ["commune", "sldtbxh"] };
    const examined = await walk(app, sample, {
      from: complete,
      until: ({ status, assignee }) => status === 4 && assignee !== null,
    });
    await acted(app.as(examined.dossier.assignee ?? ""), late.code, {
      ...{ type: "REQUEST_SUPPLEMENT", reason: "Thiếu giấy tờ.", items: [{ documentCode: "03" }] },
    });
    const secret = { "X-Dossier-Secret": late.secret };
    const path = `/dossiers/${late.code}/documents`;
    expectStatus(await app.as().upload(path, { component: "03" }, SCAN, secret), 201);
    const sent = await app
      .as()
      .post(`/dossiers/${late.code}/events`, { type: "SUPPLEMENT", documents: [] }, secret);
    expectStatus(sent, 200);
    await fill();
    const components = async () => (await entriesOf(late)).map(({ component }) => component);
    assert.deepEqual(await components(), ["01", "04"], "nobody has looked at it yet");
    const now = expectStatus(await desk().get<DossierBody>(`/dossiers/${late.code}`), 200);
    await walk(app, sample, { from: now, until: ({ status }) => status === 9 });
    await fill();
    assert.deepEqual(
      (await components()).filter((component) => component !== "result"),
      ["01", "03", "04"],
    );
  });

  describe("at the desk, by its pages", () => {
    it("is searched when the box is ticked, offers, and what is chosen comes with the dossier", async () => {
      const client = await atDesk(app.url, "commune.frontdesk");
      const send = (page: PageReply, entered: Record<string, string>) =>
        client.post("/tiep-nhan", { ...shown(page), ...entered });
      const sheet = await client.open(`/tiep-nhan?thuTuc=${CARE}`);
      const typed = {
        "applicant.identity.type": "cccd",
        "applicant.identity.number": person.identity.number,
        "applicant.name": person.name,
        "applicant.phone": "0909123456",
        "applicant.address.province": "Hậu Giang",
        "applicant.address.district": "Thành phố Ngã Bảy",
        "applicant.address.commune": "Xã Đại Thành",
        agencyCode: LABOUR,
        "paper.01": "co",
        "paper.01.copies": "1",
        "paper.02": "co",
        "paper.02.originals": "1",
        "paper.03": "co",
        "paper.03.originals": "1",
        _biTrung: "co",
      };
      const unasked = await send(sheet, { ...typed, viec: "kho" });
      assert.equal(unasked.status, 422);
      assert.match(unasked.text, /Hãy hỏi người nộp và đánh dấu/);
      assert.doesNotMatch(unasked.text, /đã có trong kho/);
      const open = await send(unasked, { ...typed, viec: "kho", _khoDongY: "co" });
      assert.equal(open.status, 200);
      assert.match(open.text, /đã có trong kho: Giấy xác nhận khuyết tật/);
      assert.match(open.text, /không ghi thời hạn/);
      const radio = [...open.text.matchAll(/name="dung\.04" value="(\d+)"/g)].map(([, id]) => id);
      assert.ok(radio.length >= 1);
      const done = await send(open, {
        ...typed,
        viec: "tiep-nhan",
        "dung.04": radio.at(-1) ?? "",
      });
      assert.equal(done.status, 303, done.text.slice(0, 2000));
      const code = done.location?.split("/").at(-1) ?? "";
      const { body } = await desk().get<DossierBody>(`/dossiers/${code}`);
      assert.deepEqual(
        body.documents.map(({ component }) => component),
        ["04"],
      );
      assert.equal(body.status, 2);
    });

    it("enters what a paper says of itself, keeps what was typed wrong, and takes papers out", async () => {
      const client = await atDesk(app.url, "commune.frontdesk");
      const path = `/ho-so/${scanned.code}/kho`;
      const page = await client.get(path);
      assert.match(page.text, /Giấy tờ trong kho dữ liệu điện tử/);
      const paper = (await entriesOf(scanned)).find(({ component }) => component === "03")!;
      const action = `${path}/${paper.id}`;
      const wrong = await client.send(page, action, {
        [`number-${paper.id}`]: "45/XN-YT",
        [`issuedOn-${paper.id}`]: "31/2/2026",
      });
      assert.equal(wrong.status, 422);
      assert.match(wrong.text, /value="45\/XN-YT"/);
      assert.match(wrong.text, /Không có ngày này trong lịch/);
      const done = await client.send(page, action, {
        [`number-${paper.id}`]: "45/XN-YT",
        [`issuedOn-${paper.id}`]: "1/9/2026",
        [`validTo-${paper.id}`]: "1.9.2027",
      });
      assert.equal(done.status, 303);
      const after = (await entriesOf(scanned)).find(({ id }) => id === paper.id);
      assert.equal(after?.number, "45/XN-YT");
      assert.deepEqual((after as unknown as Record<string, string>).issuedOn, "2026-09-01");
      const out = await client.send(page, action, {
        _lan: "mau-khac",
        [`state-${paper.id}`]: "replaced",
        [`reason-${paper.id}`]: "Đã cấp giấy mới.",
      });
      assert.equal(out.status, 303);
      assert.match((await client.get(out.location ?? "")).text, /Đã thay thế/);
      const specialist = await atDesk(app.url, "commune.specialist");
      assert.equal((await specialist.get(path)).status, 200);
      const forged = await specialist.post(action, shownForm((await specialist.get("/tai-khoan")).text));
      assert.equal(forged.status, 403);
      const elsewhere = await atDesk(app.url, "district.frontdesk");
      assert.equal((await elsewhere.get(path)).status, 404);
    });

    it("shows the administrator every look and use, without anybody's number", async () => {
      const admin = await atDesk(app.url, "admin");
      const log = await admin.get("/quan-tri/kho-giay-to");
      assert.equal(log.status, 200);
      assert.match(log.text, /Dùng lại/);
      assert.match(log.text, /người nộp không có mặt/);
      assert.ok(!log.text.includes(person.identity.number));
      assert.match(log.text, /•••••••••001/);
      const uses = await admin.get("/quan-tri/kho-giay-to?viec=use&can-bo=commune.frontdesk");
      assert.ok(
        uses.text.includes("Bản sao Giấy xác nhận khuyết tật") ||
          uses.text.includes("Giấy xác nhận khuyết tật"),
      );
      assert.doesNotMatch(uses.text, /<td>\s*Tìm trong kho/);
      const officer = await atDesk(app.url, "commune.frontdesk");
      assert.equal((await officer.get("/quan-tri/kho-giay-to")).status, 403);
    });
  });
});

/** The token of a page's forms. */
function shownForm(html: string): Record<string, string> {
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
  return { _csrf: field("_csrf"), _nguoi: field("_nguoi"), _lan: "thu" };
}

/** What a browser would send of the sheet as it stands. */
function shown(page: PageReply): Record<string, string> {
  const form = page.text.split('id="ho-so-moi"')[1]?.split("</form>")[0] ?? "";
  const fields: Record<string, string> = { returnMethod: "counter", channel: "counter" };
  for (const [input] of form.matchAll(/<input(?:[^>"]|"[^"]*")*>/g)) {
    const name = / name="([^"]*)"/.exec(input)?.[1];
    const off = /type="(checkbox|radio)"/.test(input) && !input.includes(" checked");
    if (name !== undefined && !off) fields[name] = / value="([^"]*)"/.exec(input)?.[1] ?? "";
  }
  return fields;
}
