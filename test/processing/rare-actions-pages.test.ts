import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { before, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { filed } from "../support/dossiers.ts";
import { atDesk } from "../support/pages.ts";
import type { PageClient, PageReply } from "../support/pages.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";
const BIRTH = "1.001193";

const wordsOf = ({ text }: PageReply) => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

const sampleOf = (name: string) => {
  const found = SAMPLES.find(({ process }) => process === name);
  assert.ok(found);
  return found;
};

describe("actions that are rarely taken, by their forms", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const people = new Map<string, PageClient>();
  const at = async (username: string): Promise<PageClient> => {
    const known = people.get(username) ?? (await atDesk(app.url, username));
    people.set(username, known);
    return known;
  };

  /** Sends one action's form as it stands, with what is entered; it must be taken. */
  async function done(who: string, code: string, event: string, entered: Record<string, string | string[]>) {
    const officer = await at(who);
    const path = `/ho-so/${code}/viec/${event}`;
    const page = await officer.get(path);
    assert.equal(page.status, 200, `${event}: ${wordsOf(page).slice(0, 500)}`);
    const answer = await officer.send(page, path, entered);
    assert.equal(answer.location, `/ho-so/${code}?xong=${event}`, wordsOf(answer).slice(0, 800));
    return wordsOf(await officer.get(`/ho-so/${code}`));
  }

  before(async () => {
    await at("commune.frontdesk");
  });

  it("asks other units for their opinion, and each answers", async () => {
    const sample = sampleOf("e");
    const { dossier } = await walk(app, sample, { until: ({ state }) => state === "examining" });
    const officer = await at("district.specialist");
    const path = `/ho-so/${dossier.code}/viec/CONSULT`;
    const page = await officer.get(path);
    const agencies = [...page.text.matchAll(/name="agencies" type="checkbox" value="([^"]+)"/g)].map(
      ([, agency]) => agency ?? "",
    );
    assert.ok(agencies.length >= 2, "there are units to ask");
    assert.match(wordsOf(await officer.send(page, path, { agencies: [] })), /Hãy chọn ít nhất một đơn vị/);
    const wrong = await officer.send(page, path, { agencies, "dueAt.date": "31/02/2026" });
    assert.match(wordsOf(wrong), /Ngày viết dạng ngày\/tháng\/năm/);
    const waiting = await done("district.specialist", dossier.code, "CONSULT", {
      agencies,
      "dueAt.date": "04/12/2026",
      "dueAt.time": "10h30",
    });
    assert.match(waiting, /Lấy ý kiến đơn vị phối hợp/);
    for (const unit of sample.consulted ?? []) {
      const answering = await at(`${unit}.specialist`);
      if ((await answering.get(`/ho-so/${dossier.code}/viec/ANSWER`)).status !== 200) continue;
      await done(`${unit}.specialist`, dossier.code, "ANSWER", { opinion: `Thống nhất (${unit}).` });
    }
    const { body } = await app
      .as("district.specialist")
      .get<{ items: { type: string }[] }>(`/dossiers/${dossier.code}/events`);
    assert.equal(body.items.filter(({ type }) => type === "ANSWER").length, agencies.length);
  });

  it("extends, and apologises with a new date after the promised one has passed", async () => {
    const open = await received(app, sampleOf("h"));
    const { dossier } = await walk(app, sampleOf("h"), {
      from: open,
      until: ({ state }) => state === "drafting",
    });
    const extended = await done("svhttdl.leader", dossier.code, "EXTEND", {
      "dueAt.date": "18/12/2026",
      "dueAt.time": "16:30",
      reason: "Cần xác minh thêm.",
    });
    assert.match(extended, /16 giờ 30 phút, ngày 18 tháng 12 năm 2026/);
    const sorry = await done("svhttdl.leader", dossier.code, "APOLOGISE", {
      "dueAt.date": "25/12/2026",
      "dueAt.time": "16:30",
      reason: "Chưa có kết quả xác minh.",
    });
    assert.match(sorry, /16 giờ 30 phút, ngày 25 tháng 12 năm 2026/);
    const again = await (await at("svhttdl.leader")).get(`/ho-so/${dossier.code}/viec/EXTEND`);
    assert.equal(again.status, 409, "an extension is given once");
  });

  it("stops a dossier, and the notice can be printed", async () => {
    const { dossier } = await walk(app, sampleOf("h"), { until: ({ state }) => state === "drafting" });
    const stopped = await done("svhttdl.leader", dossier.code, "STOP", {
      reason: "Người nộp hồ sơ đề nghị dừng giải quyết.",
    });
    assert.match(stopped, /Người nộp hồ sơ đề nghị dừng giải quyết/);
    const { body } = await app.as("svhttdl.leader").get<{ status: number }>(`/dossiers/${dossier.code}`);
    assert.ok([3, 8].includes(body.status), `status ${body.status}`);
  });

  it("takes a withdrawal back, and lets another go", async () => {
    const { code } = await filed(app, "commune.frontdesk", BIRTH, COMMUNE, { accept: true });
    const ask = () => done("commune.frontdesk", code, "REQUEST_WITHDRAWAL", { reason: "Nộp nhầm thủ tục." });
    await ask();
    await done("commune.frontdesk", code, "REJECT_WITHDRAWAL", { reason: "Hồ sơ đã có kết quả dự thảo." });
    await ask();
    const gone = await done("commune.frontdesk", code, "CONFIRM_WITHDRAWAL", {});
    assert.match(gone, /rút/i);
    const { body } = await app.as("commune.frontdesk").get<{ status: number }>(`/dossiers/${code}`);
    assert.equal(body.status, 7 + 1, "withdrawn and closed");
  });

  it("prints a receipt that says which one it replaces", async () => {
    const { code } = await filed(app, "commune.frontdesk", BIRTH, COMMUNE, { accept: true });
    const front = await at("commune.frontdesk");
    const textOfReceipt = async () => {
      const folder = await mkdtemp(join(tmpdir(), "motcua-receipt-"));
      try {
        const answer = await fetch(`${app.url}/ho-so/${code}/in/receipt.pdf`, {
          headers: { cookie: front.cookie },
        });
        await writeFile(join(folder, "receipt.pdf"), Buffer.from(await answer.arrayBuffer()));
        const { stdout } = await promisify(execFile)("pdftotext", [
          "-layout",
          join(folder, "receipt.pdf"),
          "-",
        ]);
        return stdout.normalize("NFC");
      } finally {
        await rm(folder, { recursive: true });
      }
    };
    assert.doesNotMatch(await textOfReceipt(), /Thay thế giấy tiếp nhận/);
    await done("commune.frontdesk", code, "CORRECT", {
      "fields.applicant.name": "Nguyễn Thị Thủ",
      reason: "Gõ nhầm dấu.",
    });
    const mended = await textOfReceipt();
    assert.match(mended, /Thay thế giấy tiếp nhận/);
    assert.match(mended, /Nguyễn Thị Thủ/);
  });
});
