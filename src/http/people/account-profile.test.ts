import { afterEach, beforeEach, describe, expect, test } from "vitest";
import sql from "sql-template-tag";
import { createMemoryLimits } from "../../drivers/limits/limits-memory.ts";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { createCallerAddress } from "../admission/caller-address.ts";
import { createLimiter } from "../admission/limiter.ts";
import type { Account } from "../../protocol/people/account.ts";

const setup = "the token of this machine";
const password = "a long enough password";
const email = "anna@example.org";

describe.each(testDatabases)("one's own account on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let cookie: string;

  const cookieOf = (response: Response): string =>
    response.headers
      .getSetCookie()
      .map((one) => one.split(";", 1)[0])
      .join("; ");
  const signIn = async (as: string, agent: string, known = password): Promise<Response> =>
    web.ask("/v1/account/sign-in", { body: { email: as, password: known }, headers: { "user-agent": agent } });
  const ask = async <Body>(path: string, method: string, body?: unknown, as = cookie) => {
    const response = await web.ask(path, { method, body, headers: as === "" ? {} : { cookie: as } });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as Body };
  };
  const profile = (as = cookie) => ask<Account>("/v1/account", "GET", undefined, as);
  const change = (body: object, as = cookie) => ask<Account & { detail: string }>("/v1/account", "PATCH", body, as);

  beforeEach(async () => {
    database = await open();
    const store = createMemoryLimits();
    web = await createWeb({
      database,
      model: createScriptedModel(() => []),
      accounts: { signUp: "open", setup },
      dependencies: {
        limiter: createLimiter({ store, callerAddress: createCallerAddress([]), sends: [], tries: [] }),
      },
    });
    cookie = cookieOf(await web.ask("/v1/account/sign-up", { body: { name: "Anna", email, password, setup } }));
  });
  afterEach(async () => {
    await web.close();
    await database.close();
  });

  test("it tells where one is signed in, and signs every other browser out", async () => {
    const phone = cookieOf(await signIn(email, "Phone/1.0"));
    const { body } = await profile();
    expect([body.name, body.email]).toEqual(["Anna", email]);
    expect(body.sessions.map(({ userAgent, isCurrent }) => [userAgent, isCurrent])).toEqual([
      ["Phone/1.0", false],
      [expect.anything(), true],
    ]);
    expect(JSON.stringify(body)).not.toMatch(/token/);
    expect((await ask("/v1/account/sessions", "DELETE")).status).toBe(204);
    expect((await profile(phone)).status).toBe(401);
    expect((await profile()).body.sessions).toHaveLength(1);
    const deeds = await database.query<{ details: unknown }>(
      sql`select details from audit where action = 'session.end-others'`,
    );
    expect(deeds.map(({ details }) => details)).toEqual([{ ended: 1 }]);
  });

  test("name and address change, the address only with the password, and never to somebody else's", async () => {
    expect((await change({ name: "Anna B" })).body.name).toBe("Anna B");
    expect((await ask<{ name: string }>("/v1/me", "GET")).body.name).toBe("Anna B");
    expect((await change({ email: "other@example.org" })).status).toBe(422);
    const wrong = await change({ email: "other@example.org", currentPassword: "not this password" });
    expect([wrong.status, wrong.body.detail]).toEqual([401, "The current password is wrong."]);
    await web.ask("/v1/account/sign-up", { body: { name: "Ben", email: "ben@example.org", password } });
    expect((await change({ email: "BEN@example.org", currentPassword: password })).status).toBe(409);
    expect((await change({ email: "Other@example.org", currentPassword: password })).body.email).toBe(
      "other@example.org",
    );
    expect((await signIn(email, "")).status).toBe(401);
    expect((await signIn("other@example.org", "")).status).toBe(204);
    expect((await profile()).status).toBe(200);
  });

  test("guesses at the password of an open session are counted", async () => {
    const statuses = [];
    for (let guess = 0; guess < 12; guess += 1)
      statuses.push((await change({ email: "x@example.org", currentPassword: `guess number ${guess}` })).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses.at(-1)).toBe(429);
  });

  test("somebody who came by a token has no account here", async () => {
    const response = await web.ask("/v1/account", { token: await tokenFor() });
    expect(response.status).toBe(409);
    expect((await profile("")).status).toBe(401);
  });

  test("N10 one erases oneself with the password, and is nobody at once; the address is free again", async () => {
    const erase = (known: string, as = cookie) => ask("/v1/account/erase", "POST", { password: known }, as);
    expect((await erase("some other password")).status).toBe(401);
    expect((await profile()).status).toBe(200);
    const anna = await ask<{ userId: string; workspaceId: string }>("/v1/me", "GET");
    const phone = cookieOf(await signIn(email, "Phone/1.0"));
    const erased = await erase(password);
    expect([erased.status, erased.body]).toEqual([
      202,
      { userId: anna.body.userId, workspaceIds: [anna.body.workspaceId], isGone: true },
    ]);
    for (const one of [cookie, phone]) expect((await profile(one)).status).toBe(401);
    expect((await signIn(email, "Phone/1.0")).status).toBe(401);
    for (const table of ["account_user", "account_credential", "account_session", "account_verification"])
      expect([table, await database.query(sql`select 1 from ${sql([table])}`)]).toEqual([table, []]);
    const again = await web.ask("/v1/account/sign-up", { body: { name: "Anna", email, password, setup } });
    expect(again.status).toBe(204);
    expect((await ask<{ userId: string }>("/v1/me", "GET", undefined, cookieOf(again))).body.userId).not.toBe(
      anna.body.userId,
    );
  });

  test("whoever came by a token has no account to erase", async () => {
    const answer = await web.ask("/v1/account/erase", { token: await tokenFor(), body: { password } });
    expect([401, 409]).toContain(answer.status);
  });
});
