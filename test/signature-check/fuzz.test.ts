import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { checkPdf } from "../../server/signature-check/check-pdf.ts";
import type { Grounds } from "../support/attacks/grounds.ts";
import { withValidationData } from "../support/attacks/forging.ts";
import { makeGrounds } from "../support/attacks/grounds.ts";
import { CHECKED_AT } from "../support/attacks/moments.ts";

/** Places are drawn from a seed, so that a failure can be seen again. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
}

describe("a signed paper with a bit flipped anywhere", function () {
  this.timeout(120_000);
  let grounds: Grounds & { close(): Promise<void> };
  before(async () => {
    grounds = await makeGrounds();
  });
  after(() => grounds.close());

  it("is never valid, and never makes the check fail", () => {
    const { authority, sealed } = grounds;
    const crls = authority.lists();
    const files = [sealed, withValidationData(sealed, { certificates: [authority.issuing], crls })];
    const random = drawn(20261124);
    for (const file of files) {
      assert.equal(checkPdf(file, { trusted: [authority.root], now: CHECKED_AT }).verdict, "valid");
      for (let round = 0; round < 400; round++) {
        const at = Math.floor(random() * file.length);
        const bit = Math.floor(random() * 8);
        const copy = Buffer.from(file);
        copy[at] = (copy[at] ?? 0) ^ (1 << bit);
        const { verdict } = checkPdf(copy, { trusted: [authority.root], now: CHECKED_AT });
        if (verdict === "valid") assert.ok(isHarmless(file, at), `bit ${bit} of byte ${at}`);
      }
    }
  });
});

/**
 * No signature covers the last one's own place, where copies of authorities' certificates lie that the check has
 * already, nor a later revision, which may hold other validation data.
 */
function isHarmless(file: Buffer, at: number): boolean {
  const range = file.lastIndexOf("/ByteRange");
  const from = file.indexOf("/Contents <", range);
  const isInPlace = at > from && at < file.indexOf(">", from + 11);
  return isInPlace || at > file.indexOf("%%EOF", range);
}
