import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryLimits } from "../../drivers/limits/limits-memory.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { createAccounts } from "../../people/accounts/accounts.ts";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, type Ask, type Web } from "../../testing/servers/web.ts";
import { createCallerAddress } from "../admission/caller-address.ts";
import { createLimiter } from "../admission/limiter.ts";

const setup = "the token of this machine";
const password = "a long enough password";

describe.each(testDatabases)("built-in accounts on $name", ({ open }) => {
  let database: Database;
  let web: Web;

  beforeEach(async () => {
    database = await open();
    const limiter = createLimiter({
      store: createMemoryLimits(),
      callerAddress: createCallerAddress([]),
      sends: [],
      tries: [],
    });
    web = await createWeb({
      database,
      model: createScriptedModel(() => []),
      accounts: { signUp: "invited", setup },
      dependencies: { limiter },
    });
  });
  afterEach(async () => {
    await web.close();
    await database.close();
  });

  const post = (path: string, body: object, ask: Ask = {}) => web.ask(`/v1/account/${path}`, { ...ask, body });
  const cookieOf = (response: Response): string =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";", 1)[0])
      .join("; ");
  const signUp = (name: string, more: object = {}) =>
    post("sign-up", { name, email: `${name}@example.org`, password, ...more });
  const first = async (): Promise<string> => cookieOf(await signUp("anna", { setup }));
  const as = (cookie: string, ask: Ask = {}): Ask => ({ ...ask, headers: { cookie, ...ask.headers } });
  const me = async (cookie: string) => {
    const response = await web.ask("/v1/me", as(cookie));
    return { status: response.status, ...((await response.json()) as { userId: string; workspaceId: string }) };
  };
  const problemOf = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { code: string }),
  });
  const invite = async (cookie: string, body: object = {}): Promise<string> => {
    const { workspaceId } = await me(cookie);
    const made = await web.ask(`/v1/workspaces/${workspaceId}/invitations`, as(cookie, { body }));
    expect(made.status).toBe(201);
    return ((await made.json()) as { token: string }).token;
  };

  test("the first account needs the token of this machine, owns what was there before, and there is one first only", async () => {
    expect(await (await web.ask("/v1/account/options")).json()).toEqual({ signUpNeeds: "setup" });
    expect(await problemOf(await signUp("mallory"))).toMatchObject({ status: 403 });
    expect(await problemOf(await signUp("mallory", { setup: "guess" }))).toMatchObject({ status: 403 });
    const answers = await Promise.all(["anna", "ben", "carl"].map((name) => signUp(name, { setup })));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(["204", "403", "403"]);
    const cookie = cookieOf(answers.find(({ status }) => status === 204)!);
    expect(await me(cookie)).toMatchObject({ status: 200, role: "owner" });
    expect(await (await web.ask("/v1/account/options")).json()).toEqual({ signUpNeeds: "invitation" });
  });

  test("the cookie is for this site alone, and neither it nor a password is in the database", async () => {
    const response = await signUp("anna", { setup });
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const token = decodeURIComponent(cookie.split("=")[1]!.split(";")[0]!).split(".")[0]!;
    expect(token.length).toBeGreaterThan(20);
    const rows = await database.query(sql`
      select (select json_agg(s)::text from account_session s) as sessions, (select json_agg(c)::text from account_credential c) as credentials`);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(password);
  });

  test("where people come over https the cookie is sent over nothing else, and no page of http can set it", async () => {
    const accounts = createAccounts({
      database,
      logger: silentLogger,
      secret: "a secret for tests, long enough for cookies",
      signUp: "open",
      isSetupToken: (token) => token === setup,
      publicUrl: "https://chat.example",
    });
    const account = { name: "Anna", email: "anna@example.org", password };
    const { cookies } = await accounts.signUp(account, { setup });
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^__Secure-natter\.session_token=/);
    expect(cookies[0]?.split("; ").slice(1).toSorted()).toEqual([
      "HttpOnly",
      expect.stringMatching(/^Max-Age=\d+$/),
      "Path=/",
      "SameSite=Strict",
      "Secure",
    ]);
    expect(accounts.cookie).toBe("__Secure-natter.session_token");
  });

  test("signing in gives a session that ends when it is signed out, at once", async () => {
    await first();
    const signedIn = await post("sign-in", { email: "Anna@Example.org", password });
    expect(signedIn.status).toBe(204);
    const cookie = cookieOf(signedIn);
    expect(await me(cookie)).toMatchObject({ status: 200, name: "anna" });
    expect((await web.ask("/v1/account/sign-out", as(cookie, { method: "POST" }))).status).toBe(204);
    expect(await me(cookie)).toMatchObject({ status: 401 });
  });

  test("a wrong password and an unknown address are told the same, and guesses at one account end", async () => {
    await first();
    const wrong = await post("sign-in", { email: "anna@example.org", password: "another password" });
    const unknown = await post("sign-in", { email: "nobody@example.org", password });
    const [said, other] = [await problemOf(wrong), await problemOf(unknown)];
    expect({ ...said, requestId: "" }).toEqual({ ...other, requestId: "" });
    expect(said).toMatchObject({ status: 401, code: "unauthenticated" });
    const email = "anna@example.org";
    for (let guess = 2; guess <= 10; guess += 1) await post("sign-in", { email, password: `guess ${guess}` });
    const refused = await post("sign-in", { email, password });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("S6 without an invitation that is good nobody learns who has an account", async () => {
    await first();
    for (const more of [{}, { invitation: `ni_${"A".repeat(22)}` }, { setup: "guess" }, { setup }]) {
      const [known, unknown] = [await signUp("anna", more), await signUp("nobody", more)];
      expect(known.status).toBeGreaterThanOrEqual(400);
      const [said, other] = [await problemOf(known), await problemOf(unknown)];
      expect({ ...said, requestId: "" }).toEqual({ ...other, requestId: "" });
      expect(said.status).not.toBe(409);
    }
  });

  test("S6 an invitation lets exactly one of 20 in, whoever comes at once, and never again", async () => {
    const owner = await first();
    const invitation = await invite(owner, { role: "reader" });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_none, index) => signUp(`guest${index}`, { invitation })),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
    const [accounts] = await database.query<{ count: number }>(sql`select count(*) as count from account_user`);
    expect(accounts?.count).toBe(2);
    const guest = cookieOf(answers.find(({ status }) => status === 204)!);
    const { workspaceId } = await me(owner);
    expect(await me(guest)).toMatchObject({ status: 200, role: "reader", workspaceId });
    expect((await signUp("late", { invitation })).status).toBe(400);
  });

  test.each([null, "", [], "ni_short", `ni_${"A".repeat(22)}`, 7])(
    "S6 the invitation %j is refused, and nothing is made",
    async (invitation) => {
      await first();
      const response = await signUp("guest", { invitation });
      expect([400, 422]).toContain(response.status);
      const [accounts] = await database.query<{ count: number }>(sql`select count(*) as count from account_user`);
      expect(accounts?.count).toBe(1);
    },
  );

  test("a second account with the same address is refused, whatever its case; a short password as well", async () => {
    const owner = await first();
    const invitation = await invite(owner);
    const again = await signUp("other", { email: "ANNA@example.org", invitation });
    expect(await problemOf(again)).toMatchObject({ status: 409, code: "conflict" });
    expect((await signUp("other", { password: "short", invitation })).status).toBe(422);
    expect((await signUp("other", { email: "no address", invitation })).status).toBe(422);
    expect((await signUp("other", { invitation })).status).toBe(204);
  });

  test("changing the password ends every other session, and needs the current one", async () => {
    const here = await first();
    const there = cookieOf(await post("sign-in", { email: "anna@example.org", password }));
    const next = "another long password";
    const wrong = await post("password", { currentPassword: "not this one", newPassword: next }, as(here));
    expect(wrong.status).toBe(401);
    const changed = await post("password", { currentPassword: password, newPassword: next }, as(here));
    expect(changed.status).toBe(204);
    expect(await me(there)).toMatchObject({ status: 401 });
    expect(await me(cookieOf(changed))).toMatchObject({ status: 200 });
    expect((await post("sign-in", { email: "anna@example.org", password })).status).toBe(401);
    expect((await post("sign-in", { email: "anna@example.org", password: next })).status).toBe(204);
  });

  test("S45, S49 a page of another site can use a person's cookie for nothing, nor sign them in", async () => {
    const cookie = await first();
    const elsewhere: Ask[] = [
      { headers: { "sec-fetch-site": "cross-site" } },
      { headers: { origin: "https://evil.example" } },
      { headers: { origin: "null" } },
      { headers: { "sec-fetch-site": "same-site", origin: "http://pages.natter.test" } },
    ];
    for (const ask of elsewhere) {
      const made = await web.ask("/v1/conversations", as(cookie, { ...ask, body: {} }));
      expect(made.status).toBe(403);
      const signedIn = await post("sign-in", { email: "anna@example.org", password }, ask);
      expect(signedIn.status).toBe(403);
      expect(signedIn.headers.getSetCookie()).toEqual([]);
      expect(made.headers.get("access-control-allow-credentials")).toBeNull();
    }
    const form = await web.ask(
      "/v1/conversations",
      as(cookie, { body: "{}", headers: { "content-type": "text/plain" } }),
    );
    expect(form.status).toBe(415);
  });

  test("S5 a cookie does not stand beside another credential, and a cookie that was changed is none", async () => {
    const cookie = await first();
    for (const authorization of ["Basic abc", "Bearer nonsense"])
      expect((await web.ask("/v1/me", as(cookie, { headers: { authorization } }))).status).toBe(401);
    const [name = "", value = ""] = cookie.split("=", 2);
    expect(await me(`${name}=${value.slice(0, -4)}AAAA`)).toMatchObject({ status: 401 });
    expect(await me(`${name}=${value.split(".")[0]}`)).toMatchObject({ status: 401 });
  });

  test("signing in takes up no session that came along, also not one that somebody else has chosen", async () => {
    const before = await first();
    const signIn = (cookie: string) =>
      post("sign-in", { email: "anna@example.org", password }, { headers: { cookie } });
    const again = cookieOf(await signIn(before));
    expect(again).not.toBe(before);
    const [name = ""] = before.split("=");
    const chosen = `${name}=chosen-by-somebody-else`;
    const mine = cookieOf(await signIn(chosen));
    expect(mine).not.toContain("chosen");
    expect(await me(chosen)).toMatchObject({ status: 401 });
    expect((await me(mine)).status).toBe(200);
  });

  test("an unknown address costs a guess as much as a wrong password: one hash of it", async () => {
    await first();
    const took = async (email: string): Promise<number> => {
      const from = performance.now();
      expect((await post("sign-in", { email, password: "a wrong password" })).status).toBe(401);
      return performance.now() - from;
    };
    await took("anna@example.org");
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 5; round += 1) {
      known.push(await took("anna@example.org"));
      unknown.push(await took(`nobody${round}@example.org`));
    }
    // scrypt is tens of milliseconds, everything else one or two: without the hash it would be a tenth
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
  });

  test("N11 who signed out, and changed a password, is in the audit log", async () => {
    const here = await first();
    const there = cookieOf(await post("sign-in", { email: "anna@example.org", password }));
    await web.ask("/v1/account/sign-out", as(there, { method: "POST" }));
    await post("password", { currentPassword: "not this one", newPassword: "another long one" }, as(here));
    const change = { currentPassword: password, newPassword: "another long one" };
    const cookie = cookieOf(await post("password", change, as(here)));
    const { userId } = await me(cookie);
    const { data } = (await (await web.ask("/v1/audit", as(cookie))).json()) as {
      data: { action: string; actorId: string; requestId: string | null }[];
    };
    const told = data.filter(({ action }) => ["session.end", "account.password"].includes(action));
    expect(told.map(({ action, actorId }) => [action, actorId])).toEqual([
      ["account.password", userId],
      ["session.end", userId],
    ]);
    for (const { requestId } of told) expect(requestId).not.toBeNull();
  });

  test("N11 who signed up and in, and from which request, is in the audit log", async () => {
    const cookie = await first();
    await post("sign-in", { email: "anna@example.org", password }, { headers: { "x-request-id": "sign-in-request" } });
    const { data } = (await (await web.ask("/v1/audit", as(cookie))).json()) as {
      data: { action: string; requestId: string; actorId: string }[];
    };
    expect(data.map(({ action }) => action)).toEqual(["session.create", "session.create", "account.create"]);
    const { userId } = await me(cookie);
    expect(data[0]).toMatchObject({ requestId: "sign-in-request", actorId: userId });
  });
});
