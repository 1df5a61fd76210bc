import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { checkPdf } from "../../server/signature-check/check-pdf.ts";
import type { FileReport } from "../../server/signature-check/report.ts";
import { ATTACKS } from "../support/attacks/attacks.ts";
import type { Grounds } from "../support/attacks/grounds.ts";
import { stamped } from "../support/attacks/forging.ts";
import {
  missingTools,
  openCommonTools,
  TOOLS,
  type CommonTools,
  type Opinion,
} from "../support/attacks/common-tools.ts";
import { makeGrounds } from "../support/attacks/grounds.ts";
import { CHECKED_AT } from "../support/attacks/moments.ts";
import { handPaper } from "../support/attacks/signed-by-hand.ts";
import { wholePdf } from "../support/attacks/pdf-writer.ts";

const TABLE = join(import.meta.dirname, "../../docs/signature-attacks.md");

/**
 * Runs the tools that people have on every attack. SIGNATURE_ATTACKS=write writes docs/signature-attacks.md anew;
 * otherwise the document has to have a row for each attack, with our code.
 */
describe("the tools that people have, beside our check", function () {
  this.timeout(180_000);
  let grounds: Grounds & { close(): Promise<void> };
  let tools: CommonTools;
  let crls: Buffer[];
  before(async function () {
    if (missingTools().length > 0) this.skip(); // apt-get install poppler-utils openssl mupdf-tools qpdf libnss3-tools
    grounds = await makeGrounds();
    tools = openCommonTools(grounds.authority);
    crls = grounds.authority.lists();
  });
  after(async () => {
    // Not made where the tools are missing.
    await (grounds as typeof grounds | undefined)?.close();
    (tools as CommonTools | undefined)?.close();
  });
  const check = (pdf: Buffer) => checkPdf(pdf, { trusted: [grounds.authority.root], now: CHECKED_AT, crls });

  it("accept every honest file, as we do", async () => {
    const files = { signed: grounds.signed, sealed: grounds.sealed, stamped: await stamped(grounds) };
    for (const [name, pdf] of Object.entries(files)) {
      assert.equal(check(pdf).verdict, "valid", name);
      const opinion = tools.ask(pdf);
      const refusing = TOOLS.filter((tool) => opinion[tool] === "refuses");
      assert.deepEqual(refusing, [], name);
      assert.equal(opinion["openssl cms"], "accepts");
    }
    assert.equal(tools.ask(files.stamped)["openssl ts"], "accepts");
  });

  it("sign files that we judge rightly: pdfsig's own signature", () => {
    const paper = wholePdf(
      handPaper().map((one) => (one.number === 5 ? { ...one, body: EMPTY_FIELD } : one)),
    );
    const alone = check(tools.signWithPoppler(paper, grounds.leader));
    assert.equal(alone.verdict, "valid", said(alone));
    assert.equal(alone.signatures[0]?.signer?.name, "Trần Văn Mẫu");
  });

  it("leave objects that nothing uses beside a second signature (pdfsig): who signs answers for them", () => {
    const { signed, leader, agency, impostor } = grounds;
    const second = tools.signWithPoppler(signed, agency);
    const report = check(second);
    assert.equal(report.verdict, "valid", said(report));
    assert.equal(report.signatures.length, 2);
    const [first] = report.signatures;
    assert.deepEqual(
      first?.addedAfter.map(({ kind }) => kind),
      ["signature"],
    );
    assert.ok(
      first.findings.some(({ code }) => code === "unused-object"),
      "it is told all the same",
    );
    // Nobody answers for what an unknown signer left behind.
    const trustingOne = checkPdf(second, { trusted: [leader.certificate], now: CHECKED_AT });
    assert.equal(trustingOne.signatures[0]?.code, "object-appended", said(trustingOne));
    const bySomebody = check(tools.signWithPoppler(signed, impostor.signer("stranger")));
    assert.equal(bySomebody.code, "object-appended", said(bySomebody));
  });

  it("accept much of what we refuse; which, docs/signature-attacks.md says", async () => {
    const rows: { name: string; code: string; opinion: Opinion }[] = [];
    for (const { name, code, make } of ATTACKS)
      rows.push({ name, code, opinion: tools.ask(await make(grounds)) });
    if (process.env.SIGNATURE_ATTACKS === "write") writeFileSync(TABLE, tableOf(rows, tools.versions()));
    // The formatter widens the columns.
    const written = readFileSync(TABLE, "utf8").replace(/ +/g, " ");
    for (const { name, code } of rows)
      assert.ok(written.includes(`| ${name} | \`${code}\` |`), `${name}: run with SIGNATURE_ATTACKS=write`);
    const opinionOn = (name: string) => rows.find((row) => row.name === name)?.opinion;
    const text = opinionOn("the text of a page changed by an update");
    assert.deepEqual(
      [text?.pdfsig, text?.["openssl cms"], text?.["mutool sign"], text?.["qpdf --check"]],
      ["accepts", "accepts", "accepts", "accepts"],
    );
    assert.equal(opinionOn("a revoked certificate")?.["openssl cms"], "refuses");
    assert.equal(opinionOn("a byte flipped in the signed text")?.pdfsig, "refuses");
    assert.equal(opinionOn("a timestamp of something else")?.["openssl ts"], "refuses");
    assert.ok(rows.every(({ code }) => code.length > 0));
  });
});

const said = ({ findings, signatures }: FileReport) =>
  JSON.stringify([...findings, ...signatures.flatMap((one) => one.findings)]);

const EMPTY_FIELD =
  "<< /Type /Annot /Subtype /Widget /FT /Tx /T (o-trong) /F 132 /Rect [0 0 0 0] /P 3 0 R >>";

function tableOf(rows: { name: string; code: string; opinion: Opinion }[], versions: string): string {
  const marks = { accepts: "**accepts**", refuses: "refuses", "–": "–" };
  const lines = rows.map(
    ({ name, code, opinion }) =>
      `| ${name} | \`${code}\` | ${TOOLS.map((tool) => marks[opinion[tool]]).join(" | ")} |`,
  );
  const accepted = TOOLS.map(
    (tool) => `${tool} ${rows.filter(({ opinion }) => opinion[tool] === "accepts").length}`,
  );
  return `# Attacks on signed papers, and who sees them

Every file here is refused by \`/kiem-tra\`, with the code in the second column; the other columns say what the tools that
people have say of the same file. Each attack is made by code (\`test/support/attacks/attacks.ts\`); this table is written by

    SIGNATURE_ATTACKS=write npm test -- test/signature-check/common-tools.test.ts

with ${versions}. Of ${rows.length} attacks they accept: ${accepted.join(", ")}.

How the tools were asked: \`pdfsig\` with our root trusted (accepts: every signature valid and every certificate trusted);
\`openssl cms -verify -cades -crl_check\` on each CMS taken out of the file, with root and revocation lists;
\`openssl ts -verify\` where there is a timestamp; \`mutool sign -v\`, which knows no trust of ours, so that only what it says
of the signature counts; \`qpdf --check\`, which judges the structure and no signature. "–": it found nothing to judge.

| attack | our code | ${TOOLS.join(" | ")} |
| --- | --- | ${TOOLS.map(() => "---").join(" | ")} |
${lines.join("\n")}
`;
}
