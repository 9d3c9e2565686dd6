import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { findLapsed } from "../../people/standing.ts";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import type { Worker } from "../../engine/worker.ts";
import { createMemoryLimits } from "../../drivers/limits/limits-memory.ts";
import { createCallerAddress } from "../admission/caller-address.ts";
import { createLimiter } from "../admission/limiter.ts";

describe.each(testDatabases)("keys that act for users on $name", ({ open }) => {
  const workspace = "w-service";
  let database: Database;
  let web: Web;
  let worker: Worker;
  let admin: string;
  let service: string;

  beforeEach(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => say("Hello")) });
    worker = web.spine.worker();
    await worker.start();
    admin = await tokenFor({ subject: "boss", workspace, role: "admin" });
    service = await key(admin, ["read", "chat", "act-as"]);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await worker.drain(0);
    await web.close();
    await database.close();
  });

  const make = (token: string, scopes?: readonly string[]) =>
    web.ask("/v1/api-keys", { token, body: { name: "key", ...(scopes === undefined ? {} : { scopes }) } });
  const key = async (token: string, scopes?: readonly string[]): Promise<string> =>
    ((await (await make(token, scopes)).json()) as { key: string }).key;
  const member = async (subject: string, role: "owner" | "member" | "reader" = "member") => {
    const token = await tokenFor({ subject, workspace, role });
    const { userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
    return { token, userId };
  };
  const exchange = (user: object, more: object = {}, token = service) =>
    web.ask("/v1/tokens", { token, body: { user, ...more } });
  const browser = async (user: object, more: object = {}) =>
    (await (await exchange(user, more)).json()) as { token: string; userId: string };
  const audit = async (): Promise<Record<string, unknown>[]> => {
    const token = admin;
    return ((await (await web.ask("/v1/audit", { token })).json()) as { data: Record<string, unknown>[] }).data;
  };

  test("N8 a service key sends in the name of a member, by either name of them, and it is audited", async () => {
    const { userId } = await member("carol");
    for (const named of ["carol", userId]) {
      const response = await web.ask(`/v1/users/${named}/chat`, { token: service, body: { message: "hi" } });
      expect(response.status).toBe(200);
    }
    const owned = await database.query<{ owner_id: string }>(sql`select distinct owner_id from conversation`);
    expect(owned).toEqual([{ owner_id: userId }]);
    const acts = (await audit()).filter(({ action }) => action === "key.act-as");
    expect(acts).toHaveLength(2);
    expect(acts[0]).toMatchObject({ subjectId: userId, keyId: expect.any(String) });
    expect(acts[0]?.["actorId"]).not.toBe(userId);
  });

  test("D1, D6 it names nobody outside its workspace, nobody above its owner, and nobody suspended", async () => {
    const list = (named: string, token = service) => web.ask(`/v1/users/${named}/conversations`, { token });
    await tokenFor({ subject: "abroad", workspace: "w-other", role: "member" }).then((token) =>
      web.ask("/v1/me", { token }),
    );
    await member("chief", "owner");
    const { userId } = await member("carol");
    expect((await list("abroad")).status).toBe(404);
    expect((await list("nobody")).status).toBe(404);
    expect((await list("chief")).status).toBe(403);
    expect((await list("carol")).status).toBe(200);
    await database.query(sql`update member set suspended_at = now() where user_id = ${userId}`);
    expect((await list("carol")).status).toBe(403);
    expect((await list("carol", await key(admin))).status).toBe(403);
  });

  test("S14 only owners and admins make such keys, and a key makes none that may more than itself", async () => {
    const { token } = await member("carol");
    expect((await make(token, ["act-as"])).status).toBe(403);
    expect((await make(token, ["admin"])).status).toBe(403);
    expect((await make(token, ["read"])).status).toBe(201);
    expect((await make(await key(admin), ["read"])).status).toBe(403);
    const maker = await key(admin, ["keys", "read"]);
    expect((await make(maker, ["read"])).status).toBe(201);
    expect((await make(maker, ["read", "act-as"])).status).toBe(403);
    expect((await make(maker)).status).toBe(403);
    expect((await make(admin, [])).status).toBe(422);
    expect((await make(admin, ["everything"])).status).toBe(422);
  });

  test("a service key of somebody who is no admin any more acts for nobody", async () => {
    await member("carol");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    await tokenFor({ subject: "boss", workspace, role: "member" }).then((token) => web.ask("/v1/me", { token }));
    vi.setSystemTime(Date.now() + 5_001);
    expect((await web.ask("/v1/users/carol/conversations", { token: service })).status).toBe(403);
    expect((await exchange({ id: "dave" })).status).toBe(403);
  });

  test("N8 a host's server exchanges its key for a browser token, which is that user alone", async () => {
    const { token, userId } = await browser({ id: "dave", name: "Dave" });
    expect(token).toMatch(/^nb_/);
    const me = (await (await web.ask("/v1/me", { token })).json()) as object;
    expect(me).toMatchObject({ userId, workspaceId: workspace, role: "member", name: "Dave" });
    const chat = await web.ask("/v1/chat", { token, body: { message: { text: "hi" }, stream: false } });
    expect(chat.status).toBe(200);
    expect((await make(token)).status).toBe(403);
    expect((await exchange({ id: "erin" }, {}, token)).status).toBe(403);
    expect((await web.ask("/v1/users/carol/conversations", { token })).status).toBe(403);
    expect((await browser({ id: "dave" })).userId).toBe(userId);
    expect(JSON.stringify(await database.query(sql`select * from api_key`))).not.toContain(token);
  });

  test("a browser token ends by its time, with its key, and never reaches the list of keys", async () => {
    const short = await browser({ id: "dave" }, { expiresInSeconds: 30 });
    const long = await browser({ id: "erin" }, { expiresInSeconds: 3_600 });
    const list = (await (await web.ask("/v1/api-keys", { token: admin })).json()) as { data: { id: string }[] };
    expect(list.data).toHaveLength(1);
    const status = async (token: string) => (await web.ask("/v1/me", { token })).status;
    expect([await status(short.token), await status(long.token)]).toEqual([200, 200]);
    await database.query(
      sql`update api_key set expires_at = now() - interval '1 second' where kind = 'browser' and user_id = ${short.userId}`,
    );
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_001 });
    expect([await status(short.token), await status(long.token)]).toEqual([401, 200]);
    await web.ask(`/v1/api-keys/${list.data[0]!.id}`, { method: "DELETE", token: admin });
    vi.setSystemTime(Date.now() + 5_001);
    expect([await status(service), await status(long.token)]).toEqual([401, 401]);
    expect((await exchange({ id: "dave" }, { expiresInSeconds: 86_400 }, admin)).status).toBe(422);
  });

  test("a browser token never outlives the key that it was given for", async () => {
    const made = (await (await make(admin, ["act-as"])).json()) as { id: string; key: string };
    await database.query(sql`update api_key set expires_at = now() + interval '90 seconds' where id = ${made.id}`);
    const issued = await exchange({ id: "dave" }, { expiresInSeconds: 3_600 }, made.key);
    const { expiresAt } = (await issued.json()) as { expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(100_000);
  });

  test("S44 tokens are given so many a minute to the owner of keys, whatever key, and what is left is told", async () => {
    await web.close();
    const limiter = createLimiter({
      store: createMemoryLimits({ now: () => 0 }),
      callerAddress: createCallerAddress([]),
      sends: [],
      tokens: [{ limit: 3, windowSeconds: 60 }],
      tries: [],
    });
    web = await createWeb({ database, model: createScriptedModel(() => []), dependencies: { limiter } });
    const other = await key(admin, ["act-as"]);
    const told: (string | null)[] = [];
    for (const by of [service, other, service]) {
      const response = await exchange({ id: createId() }, {}, by);
      expect(response.status).toBe(201);
      told.push(response.headers.get("ratelimit"));
    }
    expect(told).toEqual([2, 1, 0].map((left) => expect.stringContaining(`r=${left}`)));
    const before = await database.query(sql`select count(*) from "user"`);
    const refused = await exchange({ id: createId() }, {}, other);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit-policy")).toContain("w=60");
    expect(await database.query(sql`select count(*) from "user"`)).toEqual(before);
    const others = await tokenFor({ subject: "boss2", workspace: "w-third", role: "admin" });
    expect((await exchange({ id: "x" }, {}, await key(others, ["act-as"]))).status).toBe(201);
  });

  test("S11 browser tokens end, with their streams, while whoever has the key that they were given for is suspended", async () => {
    const { token, userId } = await browser({ id: "dave" });
    const { userId: boss } = (await (await web.ask("/v1/me", { token: admin })).json()) as { userId: string };
    const keys = await database.query<{ id: string }>(sql`select id from api_key where user_id = ${userId}`);
    const standing = { userId, workspaceId: workspace, keyId: keys[0]!.id };
    const asked = [{ standing }];
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const status = async (): Promise<number> => {
      vi.setSystemTime(Date.now() + 5_001);
      return (await web.ask("/v1/me", { token })).status;
    };
    expect([await status(), await findLapsed(database, asked)]).toEqual([200, []]);
    for (const [table, column] of [
      ["member", "user_id"],
      ['"user"', "id"],
    ] as const) {
      await database.script(`update ${table} set suspended_at = now() where ${column} = '${boss}'`);
      expect([await status(), await findLapsed(database, asked)]).toEqual([401, asked]);
      await database.script(`update ${table} set suspended_at = null where ${column} = '${boss}'`);
      expect([await status(), await findLapsed(database, asked)]).toEqual([200, []]);
    }
    await database.query(sql`delete from member where user_id = ${boss}`);
    expect([await status(), await findLapsed(database, asked)]).toEqual([401, asked]);
  });

  test("two workspaces that call a user the same mean two users, and no token is given for an admin", async () => {
    const otherAdmin = await tokenFor({ subject: "boss2", workspace: "w-other", role: "admin" });
    const other = await key(otherAdmin, ["act-as"]);
    const [here, there] = [
      await browser({ id: "dave", name: "Dave" }),
      (await (await exchange({ id: "dave", name: "Mallory" }, {}, other)).json()) as { userId: string },
    ];
    expect(here.userId).not.toBe(there.userId);
    await database.query(sql`update member set role = 'admin' where user_id = ${here.userId}`);
    expect((await exchange({ id: "dave" })).status).toBe(403);
    expect((await exchange({ id: createId() }, { role: "owner" })).status).toBe(422);
  });

  test("who deletes another's shared conversation as an admin is in the log", async () => {
    const carol = await member("carol");
    const { id } = (await (
      await web.ask("/v1/conversations", { token: carol.token, body: { visibility: "workspace" } })
    ).json()) as { id: string };
    expect((await web.ask(`/v1/conversations/${id}`, { method: "DELETE", token: admin })).status).toBe(204);
    const [entry] = await audit();
    expect(entry).toMatchObject({ action: "conversation.remove", target: id, subjectId: carol.userId });
  });
});
