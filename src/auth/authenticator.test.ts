import sql from "sql-template-tag";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import { putMembership, setSuspended } from "../store/identity/people.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { requestOf, testSecret, tokenFor } from "../testing/servers/web.ts";
import { createAuthenticator, type Authenticate } from "./authenticator.ts";

const me = async (authenticate: Authenticate, token: string, headers: Record<string, string> = {}) =>
  authenticate(requestOf("/v1/me", { token, headers }));

describe.each(testDatabases)("who asks, on $name", ({ open }) => {
  let database: Database;
  let plain: Authenticate;
  let named: Authenticate;

  beforeAll(async () => {
    database = await open();
    plain = createAuthenticator(database, { tokens: { jwt: { secret: testSecret } } });
    named = createAuthenticator(database, {
      tokens: { jwt: { secret: testSecret }, claims: { workspace: "workspace", role: "role" } },
    });
  });
  afterAll(() => database.close());
  afterEach(() => vi.useRealTimers());

  test("at first sight a user gets a personal workspace of its own, once, also when 20 requests come at once", async () => {
    const subject = createId();
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_item, index) => tokenFor({ subject, workspace: `ignored-${index}` })),
    );
    const principals = await Promise.all(tokens.map((token) => me(plain, token)));
    expect(new Set(principals.map((principal) => JSON.stringify(principal))).size).toBe(1);
    const [principal] = principals;
    expect(principal).toMatchObject({ role: "owner", workspaceId: `personal-${principal?.userId}` });
    const rows = await database.query(sql`select 1 from member where user_id = ${principal?.userId}`);
    expect(rows).toHaveLength(1);
  });

  test("S50 claims that the operator did not name are ignored, and a workspace without membership is 404", async () => {
    const token = await tokenFor({ workspace: "other", role: "reader" });
    expect(await me(plain, token)).toMatchObject({ role: "owner", workspaceId: expect.stringContaining("personal-") });
    for (const workspace of ["other", "personal-x", "*", "", "x') OR 1=1--"]) {
      await expect(me(plain, token, { "natter-workspace": workspace })).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("the header names one of the workspaces where the user is a member", async () => {
    const token = await tokenFor();
    const { userId, workspaceId } = await me(plain, token);
    const shared = createId();
    await putMembership(database, { workspaceId: shared, workspaceName: "Shared", userId, role: "reader" });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6_000 });
    expect(await me(plain, token)).toMatchObject({ workspaceId });
    expect(await me(plain, token, { "natter-workspace": shared })).toMatchObject({
      workspaceId: shared,
      role: "reader",
    });
    const file = `/v1/attachments/${createId()}?workspaceId=${shared}`;
    expect(await plain(requestOf(file, { token }))).toMatchObject({ workspaceId: shared, role: "reader" });
    expect(await plain(requestOf(`/v1/me?workspaceId=${shared}`, { token }))).toMatchObject({ workspaceId });
    await expect(plain(requestOf(`${file}-x`, { token }))).rejects.toMatchObject({ code: "not_found" });
    await database.query(sql`delete from member where user_id = ${userId} and workspace_id = ${workspaceId}`);
    vi.setSystemTime(Date.now() + 6_000);
    expect(await me(plain, token)).toMatchObject({ workspaceId: shared });
  });

  test("claims that the operator names win on each request, over what is stored and over the header", async () => {
    const [subject, workspace] = [createId(), createId()];
    expect(await me(named, await tokenFor({ subject, workspace, role: "admin" }))).toMatchObject({
      workspaceId: workspace,
      role: "admin",
    });
    expect(await me(named, await tokenFor({ subject, workspace, role: "reader" }))).toMatchObject({
      workspaceId: workspace,
      role: "reader",
    });
    expect(await me(named, await tokenFor({ subject, workspace }))).toMatchObject({ role: "member" });
    const header = { "natter-workspace": "elsewhere" };
    await expect(me(named, await tokenFor({ subject, workspace, role: "owner" }), header)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("a suspended user is refused within 5 seconds", async () => {
    const token = await tokenFor();
    const { userId } = await me(plain, token);
    await setSuspended(database, userId, true);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_001 });
    await expect(me(plain, token)).rejects.toMatchObject({ code: "forbidden" });
    await setSuspended(database, userId, false);
    expect(await me(plain, token)).toMatchObject({ userId });
  });

  test("a token that was good is not good for a second longer than it says", async () => {
    const token = await tokenFor();
    await me(plain, token);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_700_000 });
    await expect(me(plain, token)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("the hot path asks the database nothing: a token is recognised once in 5 seconds", async () => {
    const query = vi.fn(database.query.bind(database));
    const authenticate = createAuthenticator(
      { ...database, query, transaction: (work) => database.transaction(work) } as Database,
      {
        tokens: { jwt: { secret: testSecret } },
      },
    );
    const token = await tokenFor();
    await me(authenticate, token);
    const before = query.mock.calls.length;
    for (let count = 0; count < 50; count += 1) await me(authenticate, token);
    expect(query.mock.calls.length).toBe(before);
  });

  test.each([
    ["no header", {}],
    ["Basic", { authorization: "Basic dXNlcjpwYXNz" }],
    ["an empty token", { authorization: "Bearer " }],
    ["two tokens in one header", { authorization: "Bearer a.b.c, Bearer a.b.c" }],
    ["the token as X-Api-Key", { "x-api-key": "a.b.c" }],
    ["a cookie", { cookie: "natter=a.b.c" }],
  ])("S5 refuses %s", async (_name, headers) => {
    await expect(plain(requestOf("/v1/me", { headers }))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("S5 refuses a good token under another scheme, twice, or in the query", async () => {
    const token = await tokenFor();
    const twice = new Headers([
      ["authorization", `Bearer ${token}`],
      ["authorization", `Bearer ${token}`],
    ]);
    await expect(plain(new Request("http://natter.test/v1/me", { headers: twice }))).rejects.toMatchObject({
      code: "unauthenticated",
    });
    await expect(plain(requestOf("/v1/me", { headers: { authorization: `Basic ${token}` } }))).rejects.toMatchObject({
      code: "unauthenticated",
    });
    await expect(plain(requestOf(`/v1/me?token=${token}&access_token=${token}`))).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  test("loopback mode knows one user, by the token as Bearer or in the cookie", async () => {
    const token = "t".repeat(43);
    const authenticate = createAuthenticator(database, { loopback: { token, cookie: () => "natter_3210" } });
    const byHeader = await authenticate(requestOf("/v1/me", { token }));
    const byCookie = await authenticate(requestOf("/v1/me", { headers: { cookie: `other=1; natter_3210=${token}` } }));
    expect(byHeader).toEqual(byCookie);
    expect(byHeader.role).toBe("owner");
    for (const headers of [
      {},
      { cookie: "natter_3210=wrong" },
      { cookie: `natter_3211=${token}` },
      { authorization: "Bearer wrong" },
    ]) {
      await expect(authenticate(requestOf("/v1/me", { headers }))).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });

  test("N8 the host says who asks, and null is nobody", async () => {
    const workspaceId = createId();
    const authenticate = createAuthenticator(database, {
      resolve: (request) => {
        const userId = request.headers.get("x-user");
        return userId === null
          ? null
          : { userId, workspaceId, role: userId === "boss" ? "admin" : undefined, name: "Somebody" };
      },
    });
    expect(await authenticate(requestOf("/v1/me", { headers: { "x-user": "boss" } }))).toMatchObject({
      workspaceId,
      role: "admin",
      name: "Somebody",
    });
    expect(await authenticate(requestOf("/v1/me", { headers: { "x-user": "ann" } }))).toMatchObject({
      workspaceId,
      role: "member",
    });
    await expect(authenticate(requestOf("/v1/me"))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("a host that answers with nonsense is told in the log, not believed", async () => {
    for (const user of [
      { userId: "" },
      { userId: 7 },
      {},
      { userId: "a", role: "root" },
      { userId: "a", workspaceId: "personal-b" },
    ]) {
      const authenticate = createAuthenticator(database, { resolve: () => user as { userId: string } });
      await expect(authenticate(requestOf("/v1/me"))).rejects.toThrow(/auth\.resolve/);
    }
  });
});
