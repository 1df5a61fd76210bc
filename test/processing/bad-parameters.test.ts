import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";

describe("parameters that are none", () => {
  const app = withTestApp();
  const rows: [path: string, status: number][] = [
    ["/tracking/%00", 404],
    ["/dossiers/a%00", 404],
    ["/dossiers?q=a%00", 400],
    ["/dossiers?assignee=a%00", 400],
    ["/dossiers?status=11", 400],
    ["/dossiers?status=2&status=4", 400],
    ["/dossiers?due=some", 400],
    ["/dossiers?limit=0", 400],
    ["/dossiers?limit=2.5", 400],
    ["/dossiers?cursor=x", 400],
    ["/procedures?onlineLevel=5", 400],
    ["/procedures?level=ward", 400],
    ["/procedures/9.999999", 404],
    ["/procedures/1.001193/machine?tier=province", 404],
    ["/procedures/1.001193/deadline?receivedAt=2026-02-30T08:00:00%2B07:00", 422],
    ["/procedures/1.001193/deadline?receivedAt=2026-12-15T24:00:00%2B07:00", 422],
    ["/procedures/1.001193/deadline?receivedAt=hom-nay", 422],
    ["/procedures/1.001776/deadline?receivedAt=2031-01-05T08:00:00%2B07:00", 422],
    ["/procedures/1.001193/deadline?agency=000.00.06.H30", 422],
    ["/nothing", 404],
  ];
  for (const [path, status] of rows)
    it(`GET ${path} is ${status}, told as a problem`, async () => {
      const reply = await app.as("commune.frontdesk").get<{ code: string; detail: string }>(path);
      assert.equal(reply.status, status, JSON.stringify(reply.body));
      assert.equal(reply.headers.get("content-type")?.split(";")[0], "application/problem+json");
      assert.match(reply.body.code, /^[a-z-]+$/);
    });

  for (const year of [2031, 0])
    it(`the year ${year}, which the calendar lacks, is named`, async () => {
      const day = `${String(year).padStart(4, "0")}-01-05T08:00:00%2B07:00`;
      const { body } = await app
        .as()
        .get<{ code: string; year: number }>(`/procedures/1.001776/deadline?receivedAt=${day}`);
      assert.deepEqual([body.code, body.year], ["calendar-missing", year]);
    });
});
