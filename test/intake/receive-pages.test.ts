import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { atDesk } from "../support/pages.ts";
import type { PageClient, PageReply } from "../support/pages.ts";

const BIRTH = "/tiep-nhan?thuTuc=1.001193";

const PERSON = {
  "applicant.kind": "citizen",
  "applicant.name": "Nguyễn Thị Thử Ỵ",
  "applicant.identity.type": "cccd",
  "applicant.identity.number": "093 199 000 111",
  "applicant.phone": "0909 000 111",
  "applicant.address.province": "Hậu Giang",
  "applicant.address.district": "Thành phố Ngã Bảy",
  "applicant.address.commune": "Xã Đại Thành",
};

/** The fields that a browser would send: what stands in the page, over it what is entered. */
function filled(page: PageReply, entered: Record<string, string>): Record<string, string> {
  const form = page.text.split('id="ho-so-moi"')[1]?.split("</form>")[0] ?? "";
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input(?:[^>"]|"[^"]*")*>/g)) {
    const name = / name="([^"]*)"/.exec(input)?.[1];
    const off = /type="(checkbox|radio)"/.test(input) && !input.includes(" checked");
    if (name !== undefined && !off) fields[name] = / value="([^"]*)"/.exec(input)?.[1] ?? "";
  }
  return { ...fields, returnMethod: "counter", channel: "counter", viec: "tiep-nhan", ...entered };
}

/** The key of a form. */
function lan(page: PageReply): string {
  return filled(page, {})._lan ?? "";
}

async function open(app: TestApp, username = "commune.frontdesk"): Promise<[PageClient, PageReply]> {
  const officer = await atDesk(app.url, username);
  const page = await officer.open(BIRTH);
  assert.equal(page.status, 200);
  return [officer, page];
}

describe("the receiving desk", () => {
  const app = withTestApp();

  it("finds a procedure as one types, without diacritics, and only what this unit receives", async () => {
    const officer = await atDesk(app.url, "commune.frontdesk");
    const found = JSON.parse((await officer.get("/tiep-nhan/tim?q=khai%20sinh")).text) as { code: string }[];
    assert.equal(found[0]?.code, "1.001193");
    const pharmacy = await officer.get("/tiep-nhan?tim=ban+le+thuoc");
    assert.equal(pharmacy.status, 200);
    assert.ok(!pharmacy.text.includes("thuTuc=1.004616"));
  });

  it("receives a dossier in one form, shows code, secret and day, and forgets the draft", async () => {
    const [officer, page] = await open(app);
    assert.match(page.text, /17 giờ 00 phút|Trong ngày|ngày/);
    await officer.post("/tiep-nhan/nhap", filled(page, PERSON));
    const answer = await officer.post("/tiep-nhan", filled(page, PERSON));
    assert.equal(answer.status, 303, answer.text.slice(0, 3000));
    const code = /\/tiep-nhan\/xong\/(\S+)/.exec(answer.location ?? "")?.[1] ?? "";
    const done = await officer.get(answer.location ?? "");
    assert.ok(done.text.includes(code));
    assert.match(done.text, /Mã tra cứu/);
    const stored = await app
      .as("commune.frontdesk")
      .get<{ status: number; applicant: { name: string } }>(`/api/v1/dossiers/${code}`);
    assert.deepEqual([stored.body.status, stored.body.applicant.name], [2, "Nguyễn Thị Thử Ỵ"]);
    assert.ok(!(await officer.open(BIRTH)).text.includes("Nguyễn Thị Thử Ỵ"));
    const stranger = await atDesk(app.url, "district.frontdesk");
    assert.equal((await stranger.get(answer.location ?? "")).status, 404);
  });

  it("does a form that is sent twice once", async () => {
    const [officer, page] = await open(app);
    const form = filled(page, { ...PERSON, "applicant.identity.number": "093199000222" });
    const answers = await Promise.all([1, 2, 3].map(() => officer.post("/tiep-nhan", form)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]));
    assert.equal(new Set(answers.map(({ location }) => location)).size, 1);
    assert.equal((await officer.post("/tiep-nhan", form)).location, answers[0]?.location);
  });

  it("says what is wrong by the field, and keeps everything that was typed", async () => {
    const [officer, page] = await open(app);
    const answer = await officer.post(
      "/tiep-nhan",
      filled(page, {
        ...PERSON,
        "applicant.identity.number": "12345",
        "applicant.phone": "",
        "applicant.address.commune": "",
        note: "Gấp <b>",
      }),
    );
    assert.equal(answer.status, 422);
    assert.match(
      answer.text,
      /href="#applicant\.identity\.number"[^>]*>Số định danh cá nhân \(CCCD\) gồm đúng 12 chữ số/,
    );
    assert.match(answer.text, /href="#applicant\.phone"[^>]*>Hãy nhập số điện thoại/);
    assert.match(answer.text, /href="#applicant\.address\.commune"[^>]*>Hãy nhập xã, phường hoặc thị trấn/);
    assert.match(answer.text, /value="Nguyễn Thị Thử Ỵ"/);
    assert.match(answer.text, /Gấp &lt;b/);
    assert.equal(lan(answer), lan(page));
  });

  it("keeps a draft for the account on the server, and for nobody else", async () => {
    const [officer, page] = await open(app);
    const saved = await officer.post(
      "/tiep-nhan/nhap",
      filled(page, { ...PERSON, "applicant.name": "Phan Thị Nháp Ỵ", note: "đang nhập dở" }),
    );
    assert.match((JSON.parse(saved.text) as { said: string }).said, /^Nháp đã lưu \d\d:\d\d:\d\d$/);
    const elsewhere = await atDesk(app.url, "commune.frontdesk");
    const list = await elsewhere.get("/tiep-nhan");
    assert.match(list.text, /<strong>Phan Thị Nháp Ỵ<\/strong>[^]*khai sinh/);
    const again = await elsewhere.get(`/tiep-nhan?phieu=${lan(page)}`);
    assert.match(again.text, /value="Phan Thị Nháp Ỵ"/);
    assert.match(again.text, /đang nhập dở/);
    const { rows } = await app.database
      .open("app")
      .raw<{ rows: { content: Buffer }[] }>("select content from drafts");
    assert.ok(
      rows.length > 0 && rows.every(({ content }) => !content.toString("latin1").includes("applicant")),
    );
    const stranger = await atDesk(app.url, "district.frontdesk");
    for (const path of ["/tiep-nhan", `/tiep-nhan?phieu=${lan(page)}`])
      assert.ok(!(await stranger.get(path)).text.includes("Nháp Ỵ"));
    await officer.post("/tiep-nhan", filled(page, { viec: "moi" }));
    assert.ok(!(await officer.get("/tiep-nhan")).text.includes("Phan Thị Nháp Ỵ"));
  });

  it("keeps a draft for each form, and what is done with one leaves the others", async () => {
    const [officer, first] = await open(app);
    const second = await officer.open("/tiep-nhan?thuTuc=1.001193");
    assert.notEqual(lan(first), lan(second));
    const one = {
      ...PERSON,
      "applicant.name": "Lê Văn Bàn Một",
      "applicant.identity.number": "093199000661",
    };
    const two = {
      ...PERSON,
      "applicant.name": "Lê Văn Bàn Hai",
      "applicant.identity.number": "093199000662",
    };
    await officer.post("/tiep-nhan/nhap", filled(first, one));
    await officer.post("/tiep-nhan/nhap", filled(second, two));
    const form = (page: PageReply) => `/tiep-nhan?phieu=${lan(page)}&thuTuc=1.001193`;
    assert.match((await officer.get(form(first))).text, /value="Lê Văn Bàn Một"/);
    assert.match((await officer.get(form(second))).text, /value="Lê Văn Bàn Hai"/);
    assert.doesNotMatch((await officer.open(BIRTH)).text, /Bàn Một|Bàn Hai/);
    const done = await officer.post("/tiep-nhan", filled(first, one));
    assert.equal(done.status, 303);
    assert.match((await officer.get(form(second))).text, /value="Lê Văn Bàn Hai"/);
    // Back in the browser: the form that was received shows its dossier, not an empty sheet under the same key.
    assert.equal((await officer.get(form(first))).location, `${String(done.location)}?truoc=1`);
    const list = await officer.get("/tiep-nhan");
    assert.doesNotMatch(list.text, /Bàn Một/);
    const gone = await officer.send(list, "/tiep-nhan/nhap/bo", { phieu: lan(second) });
    assert.equal(gone.location, "/tiep-nhan");
    assert.doesNotMatch((await officer.get("/tiep-nhan")).text, /Bàn Hai/);
  });

  it("takes the person along to another procedure that is chosen in the same form", async () => {
    const [officer, page] = await open(app);
    await officer.post("/tiep-nhan/nhap", filled(page, PERSON));
    const other = await officer.get(`/tiep-nhan?phieu=${lan(page)}&thuTuc=1.000894`);
    assert.match(other.text, /name="procedureCode" value="1.000894"/);
    assert.match(other.text, /value="Nguyễn Thị Thử Ỵ"/);
    assert.equal(lan(other), lan(page));
    await officer.post("/tiep-nhan", filled(other, { viec: "moi" }));
  });

  it("pushes out no draft when there are too many, and says so", async () => {
    const officer = await atDesk(app.url, "district.frontdesk");
    const page = await officer.open("/tiep-nhan?thuTuc=1.003702");
    const save = async (form: string) =>
      JSON.parse((await officer.post("/tiep-nhan/nhap", filled(page, { ...PERSON, _lan: form }))).text) as {
        said: string;
        unsaved?: true;
      };
    for (let form = 0; form < 20; form++) assert.match((await save(`nhieu-${form}`)).said, /^Nháp đã lưu/);
    assert.deepEqual(await save("nhieu-20"), {
      unsaved: true,
      said: "Chưa lưu nháp: tài khoản đã có 20 nháp. Hãy nhận nốt hoặc bỏ bớt ở trang Tiếp nhận.",
    });
    assert.match((await save("nhieu-0")).said, /^Nháp đã lưu/);
    const kept = await officer.post(
      "/tiep-nhan",
      filled(page, { ...PERSON, _lan: "nhieu-20", viec: "nhap" }),
    );
    assert.match(kept.text, /role="alert">Chưa lưu nháp/);
    const list = await officer.get("/tiep-nhan");
    assert.match(list.text, /Nháp chưa gửi \(20\)[^]*Đã đủ 20 nháp/);
    for (let form = 0; form < 20; form++)
      await officer.send(list, "/tiep-nhan/nhap/bo", { phieu: `nhieu-${form}` });
    assert.doesNotMatch((await officer.get("/tiep-nhan")).text, /Nháp chưa gửi/);
  });

  it("offers who the number was at this unit, notes the consent, and warns of a likely duplicate", async () => {
    const [officer, page] = await open(app);
    const person = {
      ...PERSON,
      "applicant.identity.number": "093199000333",
      "applicant.name": "Trần Văn Mẫu",
    };
    assert.equal((await officer.post("/tiep-nhan", filled(page, person))).status, 303);
    const next = await officer.open(BIRTH);
    const only = {
      "applicant.identity.number": "093 199 000 333",
      "applicant.name": "",
      "applicant.phone": "",
    };
    const offered = await officer.post("/tiep-nhan", filled(next, { ...only, viec: "dien", _dongY: "co" }));
    assert.match(offered.text, /value="Trần Văn Mẫu"/);
    const warned = await officer.post("/tiep-nhan", filled(offered, { _biTrung: "" }));
    assert.equal(warned.status, 409);
    assert.match(warned.text, /Có thể trùng/);
    const done = await officer.post("/tiep-nhan", filled(warned, {}));
    assert.equal(done.status, 303, done.text.slice(0, 2000));
    const code = done.location?.split("/").at(-1) ?? "";
    const { body } = await app.as("commune.frontdesk").get<{ note: string }>(`/api/v1/dossiers/${code}`);
    assert.match(body.note, /Người nộp đồng ý dùng lại thông tin cá nhân từ hồ sơ 000\.15\.32\.H30-/);
    // Another number is another person, who has agreed to nothing.
    const changed = filled(warned, { "applicant.identity.number": "093199000334", _lan: "so-khac" });
    const received = await officer.post("/tiep-nhan", changed);
    const otherCode = received.location?.split("/").at(-1) ?? "";
    const second = await app.as("commune.frontdesk").get<{ note: string }>(`/api/v1/dossiers/${otherCode}`);
    assert.equal(second.body.note, "");
    // Another unit never met him.
    const other = await atDesk(app.url, "district.frontdesk");
    const theirs = await other.open("/tiep-nhan?thuTuc=1.003702");
    const asked = await other.post("/tiep-nhan/nguoi-nop", filled(theirs, only));
    assert.deepEqual(JSON.parse(asked.text), { duplicates: [] });
  });

  it("takes no consent that was not given, and drops no owner that was typed", async () => {
    const [officer, page] = await open(app);
    const known = { ...PERSON, "applicant.identity.number": "093199000444" };
    assert.equal((await officer.post("/tiep-nhan", filled(page, known))).status, 303);
    const asked = await officer.post(
      "/tiep-nhan",
      filled(await officer.open(BIRTH), { ...known, viec: "dien" }),
    );
    assert.equal(asked.status, 422);
    assert.match(asked.text, /Hãy hỏi người nộp/);
    // What Enter presses is the first button: it keeps a draft and files nothing.
    const form = asked.text.split('id="ho-so-moi"')[1] ?? "";
    assert.match(/<button(?:[^>"]|"[^"]*")*>/.exec(form)?.[0] ?? "", /value="nhap"/);
    const half = filled(asked, { _biTrung: "co", "owner.name": "Trần Thị Chủ Hồ Sơ", thay: "" });
    const refused = await officer.post("/tiep-nhan", half);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /văn bản ủy quyền/);
  });

  it("shows the dossier of a form that was sent, whose answer was lost, and that was changed then", async () => {
    const [officer, left] = await open(app);
    await officer.post("/tiep-nhan", filled(left, { viec: "moi" }));
    const sent = filled(await officer.open(BIRTH), {
      ...PERSON,
      "applicant.identity.number": "093199000555",
    });
    const { status, location } = await officer.post("/tiep-nhan", sent);
    assert.equal(status, 303);
    const late = await officer.post("/tiep-nhan/nhap", sent);
    assert.equal((JSON.parse(late.text) as { said: string }).said, "Đã gửi.");
    assert.ok(!(await officer.open(BIRTH)).text.includes("093199000555"));
    const again = await officer.post("/tiep-nhan", { ...sent, "applicant.phone": "0909777888" });
    assert.equal(again.location, `${String(location)}?truoc=1`);
    assert.match((await officer.get(again.location)).text, /Lần gửi trước đã đến/);
  });

  it("lists what is wrong in the order of the page, and asks for the case by no number", async () => {
    const officer = await atDesk(app.url, "commune.frontdesk");
    const page = await officer.open("/tiep-nhan?thuTuc=1.001776");
    const empty = filled(page, { "applicant.address.province": "", note: "x".repeat(2001) });
    const asked = await officer.post("/tiep-nhan", empty);
    assert.equal(asked.status, 422);
    const wrong = (answer: PageReply) =>
      [...answer.text.matchAll(/<li><a href="#([^"]*)">([^<]*)</g)].map(([, id, text]) => [id, text]);
    assert.deepEqual(
      wrong(asked).map(([id]) => id),
      [
        "truongHop",
        "applicant.identity.number",
        "applicant.name",
        "applicant.phone",
        "applicant.address.province",
        "note",
      ],
    );
    const noCase = await officer.post("/tiep-nhan", filled(page, { ...PERSON, _biTrung: "co" }));
    assert.deepEqual(wrong(noCase), [["truongHop", "Hãy chọn trường hợp của thủ tục."]]);
    await officer.post("/tiep-nhan", filled(page, { viec: "moi" }));
  });

  it("asks before a tax code is filed for a citizen, who may be a household business", async () => {
    const [officer, page] = await open(app);
    const company = {
      ...PERSON,
      "applicant.name": "Công ty Thử Mẫu",
      "applicant.identity.type": "taxCode",
      "applicant.identity.number": "6300000018",
    };
    const asked = await officer.post("/tiep-nhan", filled(page, { ...company, "applicant.phone": "" }));
    assert.equal(asked.status, 422);
    assert.match(
      asked.text,
      /href="#applicant\.kind">Giấy tờ là mã số thuế mà người nộp đang ghi là Công dân/,
    );
    assert.match(asked.text, /href="#applicant\.phone">Hãy nhập số điện thoại/);
    assert.match(asked.text, /name="_caNhan\.applicant"/);
    const filed = async (entered: Record<string, string>) => {
      const answer = await officer.post("/tiep-nhan", filled(asked, { ...company, ...entered }));
      assert.equal(answer.status, 303, answer.text.slice(0, 3000));
      const code = answer.location?.split("/").at(-1) ?? "";
      return (
        await app.as("commune.frontdesk").get<{ applicant: { kind: string } }>(`/api/v1/dossiers/${code}`)
      ).body.applicant.kind;
    };
    assert.equal(await filed({ "_caNhan.applicant": "co" }), "citizen");
    const other = { _lan: "doanh-nghiep", "applicant.identity.number": "6300000019" };
    assert.equal(await filed({ ...other, "applicant.kind": "business" }), "business");
  });

  it("says once that a fee depends on the case", async () => {
    const officer = await atDesk(app.url, "commune.frontdesk");
    const page = await officer.open("/tiep-nhan?thuTuc=2.000815");
    assert.match(page.text, /Phí, lệ phí<\/h3><ul[^>]*><li[^>]*>Tùy trường hợp, thu theo quy định<\/li>/);
  });

  it("refuses a forged form and whoever is no front desk", async () => {
    const [officer, page] = await open(app);
    assert.equal((await officer.post("/tiep-nhan", { ...filled(page, PERSON), _csrf: "x" })).status, 403);
    assert.equal((await (await atDesk(app.url, "commune.specialist")).get("/tiep-nhan")).status, 403);
  });
});
