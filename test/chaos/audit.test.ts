import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Told } from "../../tools/chaos/answers.ts";
import { compareAnswers } from "../../tools/chaos/audit.ts";

/** The judge of the chaos runs is judged itself: it must see what is lost and what is there twice. */
describe("answers against what is stored", () => {
  const CODE = "000.15.32.H30-261123-0001";
  const told = (type: string, version: number, key = `${type} ${version}`): Told => ({
    ...{ key, who: "commune.frontdesk", code: CODE, type, version },
  });
  const event = (seq: number, type: string, actor = "commune.frontdesk") => ({
    code: CODE,
    seq,
    type,
    actor,
  });
  const compare = (answers: Told[], events: ReturnType<typeof event>[], codes = [CODE]) =>
    compareAnswers({ told: answers, open: [] }, { dossiers: codes.map((code) => ({ code })), events });

  it("agree when each answer has its event and each event its answer", () => {
    const answers = [told("FILE", 2), told("ADD_DOCUMENT", 3), told("DIGITIZE", 4)];
    const events = [event(1, "FILE"), event(2, "ACCEPT"), event(3, "ADD_DOCUMENT"), event(4, "DIGITIZE")];
    assert.deepEqual(compare(answers, events), { lost: [], doubled: [] });
  });
  it("agree when the same answer was got twice, and where the worker acted by itself", () => {
    const answers = [told("FILE", 1), told("ACCEPT", 2), told("ACCEPT", 2)];
    assert.deepEqual(
      compare(answers, [event(1, "FILE"), event(2, "ACCEPT"), event(3, "LIMIT_PASSED", "worker")]),
      { lost: [], doubled: [] },
    );
  });
  it("show an answer whose event is missing, or is another", () => {
    assert.equal(compare([told("FILE", 1), told("ACCEPT", 2)], [event(1, "FILE")]).lost.length, 1);
    const other = compare([told("FILE", 1), told("ACCEPT", 2)], [event(1, "FILE"), event(2, "REFUSE")]);
    assert.match(other.lost[0] ?? "", /was told ACCEPT, there is REFUSE/);
  });
  it("show an event that was done twice, one told under two keys, and a dossier nobody knows of", () => {
    const twice = [event(1, "FILE"), event(2, "ADD_DOCUMENT"), event(3, "ADD_DOCUMENT")];
    assert.equal(compare([told("FILE", 1), told("ADD_DOCUMENT", 3)], twice).doubled.length, 1);
    const keys = [told("FILE", 1), told("ACCEPT", 2, "a"), told("ACCEPT", 2, "b")];
    assert.equal(compare(keys, [event(1, "FILE"), event(2, "ACCEPT")]).doubled.length, 1);
    assert.equal(compare([told("FILE", 1)], [event(1, "FILE")], [CODE, "another"]).doubled.length, 1);
  });
});
