import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";

interface Units {
  items: { code: string }[];
  nextCursor: string | null;
}

describe("the units of the province", () => {
  const app = withTestApp();
  const units = async (query: string) => (await app.as().get<Units>(`/agencies${query}`)).body;

  it("come all at once, or page by page where a limit is asked for", async () => {
    const all = await units("");
    assert.deepEqual([all.items.length, all.nextCursor], [458, null]);
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Units = await units(`?limit=200&cursor=${cursor}`);
      assert.ok(page.items.length <= 200);
      found.push(...page.items.map(({ code }) => code));
      cursor = page.nextCursor;
    }
    assert.deepEqual(
      found,
      all.items.map(({ code }) => code),
    );
    assert.equal((await app.as().get("/agencies?limit=0")).status, 400);
    assert.equal((await app.as().get("/agencies?cursor=x")).status, 400);
  });
});
