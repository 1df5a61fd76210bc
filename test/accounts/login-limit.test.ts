import assert from "node:assert/strict";
import express from "express";
import { describe, it } from "mocha";
import request from "supertest";
import { loginLimit } from "../../server/accounts/login-limit.ts";
import { Unauthenticated } from "../../server/platform/errors.ts";
import { silentLog } from "../../server/platform/log.ts";
import { problemMapper } from "../../server/platform/problem.ts";

/** A log-in whose only right password is "dung". */
function app(enabled: boolean) {
  return express()
    .use(express.json(), loginLimit({ enabled }), (req, res) => {
      if ((req.body as { password: string }).password !== "dung") throw new Unauthenticated();
      res.status(201).json({});
    })
    .use(problemMapper(silentLog));
}

const tryOn = async (target: express.Express, username: string, password: string) =>
  (await request(target).post("/").send({ username, password })).status;

describe("guessing passwords", () => {
  it("is stopped after ten failures under one name, the right password too", async () => {
    const target = app(true);
    for (let n = 0; n < 10; n++) assert.equal(await tryOn(target, "stp.head", "sai"), 401);
    assert.equal(await tryOn(target, "stp.head", "sai"), 429);
    assert.equal(await tryOn(target, "stp.head", "dung"), 429);
    assert.equal(await tryOn(target, "stp.clerk", "dung"), 201);
  });

  it("is stopped after a hundred failures from one address under any names", async () => {
    const target = app(true);
    for (let n = 0; n < 100; n++) assert.equal(await tryOn(target, `name${n}`, "sai"), 401);
    assert.equal(await tryOn(target, "name100", "dung"), 429);
  });

  it("does not count those who know their password", async () => {
    const target = app(true);
    for (let n = 0; n < 30; n++) assert.equal(await tryOn(target, "stp.head", "dung"), 201);
  });

  it("is told when to come back", async () => {
    const target = app(true);
    for (let n = 0; n < 10; n++) await tryOn(target, "stp.head", "sai");
    const answer = await request(target).post("/").send({ username: "stp.head", password: "sai" });
    assert.equal((answer.body as { code: string }).code, "too-many-logins");
    assert.ok(Number(answer.headers["retry-after"]) > 0);
  });

  it("is not slowed where limits are off", async () => {
    const target = app(false);
    for (let n = 0; n < 15; n++) assert.equal(await tryOn(target, "stp.head", "sai"), 401);
  });
});
