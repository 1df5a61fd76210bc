import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { checkPdf } from "../../server/signature-check/check-pdf.ts";
import { ATTACKS } from "../support/attacks/attacks.ts";
import type { Grounds } from "../support/attacks/grounds.ts";
import { makeGrounds } from "../support/attacks/grounds.ts";
import { CHECKED_AT } from "../support/attacks/moments.ts";

describe("a signed paper that somebody tampered with", function () {
  this.timeout(60_000);
  let grounds: Grounds & { close(): Promise<void> };
  let crls: Buffer[];
  before(async () => {
    grounds = await makeGrounds();
    crls = grounds.authority.lists();
  });
  after(() => grounds.close());

  for (const { name, code, verdict = "invalid", make } of ATTACKS)
    it(`is refused: ${name} (${code})`, async () => {
      const options = { trusted: [grounds.authority.root], now: CHECKED_AT, crls };
      const report = checkPdf(await make(grounds), options);
      const found = [...report.findings, ...report.signatures.flatMap(({ findings }) => findings)];
      const said = found.map((one) => `${one.code}: ${one.detail}`).join("\n");
      assert.equal(report.verdict, verdict, said);
      assert.equal(report.code, code, said);
      assert.ok(report.text.length > 10);
    });
});
