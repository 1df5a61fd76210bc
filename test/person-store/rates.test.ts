import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { openDeps } from "../../server/open-deps.ts";
import { fillStore } from "../../server/person-store/fill-store.ts";
import { digitizationCounts, digitizationRates, sumOfCounts } from "../../server/person-store/rates.ts";
import type { DigitizationCounts } from "../../server/person-store/rates.ts";
import { withTestApp } from "../support/app.ts";
import { acted, applicationFor, digitized, expectStatus, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { applicant } from "../support/people.ts";
import { walk } from "../support/walk.ts";

const none: DigitizationCounts = {
  received: 0,
  digitized: 0,
  components: 0,
  componentsDigitized: 0,
  resultsDue: 0,
  resultsIssued: 0,
  reusing: 0,
};

describe("the rates of digitization", () => {
  it("are percents with two decimals, and nothing where there is nothing", () => {
    assert.deepEqual(digitizationRates(none), {
      dossiers: null,
      components: null,
      results: null,
      reuse: null,
    });
    const counts = {
      ...none,
      received: 3,
      digitized: 2,
      components: 8,
      componentsDigitized: 8,
      resultsDue: 1600,
      resultsIssued: 1,
      reusing: 1,
    };
    assert.deepEqual(digitizationRates(counts), {
      dossiers: 66.67,
      components: 100,
      results: 0.06,
      reuse: 33.33,
    });
  });

  it("of several tiers are made of their sums: 1 of 1 and 0 of 3 are 25 percent, not 50", () => {
    const sum = sumOfCounts([
      { ...none, received: 1, digitized: 1 },
      { ...none, received: 3, digitized: 0 },
    ]);
    assert.equal(digitizationRates(sum).dossiers, 25);
  });
});

describe("the counts behind the rates", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const COMMUNE = "000.15.32.H30";
  const LABOUR = "000.00.12.H30";
  const CARE = "2.000286";
  const sample = {
    process: "b",
    procedure: "1.001653",
    agency: COMMUNE,
    frontdesk: "commune.frontdesk",
    units: ["commune"],
  };
  const DAY = { from: new Date("2026-11-23T00:00:00+07:00"), to: new Date("2026-11-24T00:00:00+07:00") };

  it("are those of dossiers counted by hand", async () => {
    const desk = app.as("commune.frontdesk");
    // Filed and not received: not counted.
    await filed(app, "commune.frontdesk", "1.001653", COMMUNE);
    // Commune 1: one paper received, not scanned yet.
    await filed(app, "commune.frontdesk", "1.001653", COMMUNE, { accept: true });
    // Commune 2: one paper, scanned; result sealed.
    await walk(app, sample, { until: ({ status }) => status === 9 });
    // Commune 3: one paper, stated to need no scan, so that it is none of the components; under way.
    const third = await filed(app, "commune.frontdesk", "1.001653", COMMUNE, { accept: true });
    await acted(desk, third.code, {
      type: "DIGITIZE",
      notApplicable: [{ documentCode: "01", reason: "Khổ giấy quá lớn (thử nghiệm)." }],
    });
    // Province 1: all five papers scanned.
    const first = await filed(app, "commune.frontdesk", CARE, LABOUR, { accept: true });
    await digitized(app, "commune.frontdesk", first, CARE);
    await fillStore(await openDeps(app.parts));
    // Province 2: four papers, one of them out of the store; the others not scanned.
    const { items } = expectStatus(
      await desk.post<{ items: { entry: string; documentCode: string }[] }>("/person-store/searches", {
        identity: applicant().identity,
        procedureCode: CARE,
        consent: true,
      }),
      200,
    );
    const offer = items.find(({ documentCode }) => documentCode === "03");
    expectStatus(
      await desk.post<DossierBody>("/dossiers", {
        ...(await applicationFor(app, CARE, LABOUR, { accept: true })),
        documents: ["01", "02", "04"].map((code) => ({ code })),
        reuse: { consent: true, papers: [{ code: "03", entry: offer?.entry }] },
      }),
      201,
    );

    const counts = await digitizationCounts(app.database.open("statistics"), DAY);
    assert.deepEqual(counts, [
      {
        tier: "commune",
        received: 3,
        digitized: 1,
        components: 2,
        componentsDigitized: 1,
        resultsDue: 1,
        resultsIssued: 1,
        reusing: 0,
      },
      {
        tier: "province",
        received: 2,
        digitized: 2,
        components: 9,
        componentsDigitized: 6,
        resultsDue: 0,
        resultsIssued: 0,
        reusing: 1,
      },
    ]);
    assert.deepEqual(digitizationRates(sumOfCounts(counts)), {
      dossiers: 60,
      components: 63.64,
      results: 100,
      reuse: 20,
    });
    const one = await digitizationCounts(app.database.open("statistics"), { ...DAY, agencies: [COMMUNE] });
    assert.deepEqual(
      one.map(({ tier }) => tier),
      ["commune"],
    );
    const before = { from: new Date("2026-11-22T00:00:00+07:00"), to: DAY.from };
    assert.deepEqual(await digitizationCounts(app.database.open("statistics"), before), []);
  });
});
