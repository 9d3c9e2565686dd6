import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../ports/database.ts";
import { setSuspended } from "../store/identity/people.ts";
import { createScriptedModel } from "../testing/providers/scripted-model.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../testing/servers/web.ts";

interface Made {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
  readonly userId: string;
}

const workspace = "w-keys";
const refused = { code: "unauthenticated", status: 401 };

describe.each(testDatabases)("API keys on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let token: string;

  beforeEach(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => []) });
    token = await tokenFor({ subject: "anna", workspace, role: "member" });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await web.close();
    await database.close();
  });

  const make = async (body: object = { name: "CI" }, as = token): Promise<Made> => {
    const response = await web.ask("/v1/api-keys", { token: as, body });
    expect(response.status).toBe(201);
    return (await response.json()) as Made;
  };
  const list = async (as = token): Promise<Record<string, unknown>[]> =>
    ((await (await web.ask("/v1/api-keys", { token: as })).json()) as { data: Record<string, unknown>[] }).data;
  /** What `GET /v1/me` says, without what differs each time. */
  const me = async (headers: Record<string, string>): Promise<Record<string, unknown>> => {
    const response = await web.ask("/v1/me", { headers });
    const { requestId: _differs, ...body } = (await response.json()) as Record<string, unknown>;
    return { ...body, status: response.status };
  };
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

  test("a key is shown once, acts as its owner in its workspace, and only its hash is kept", async () => {
    const made = await make();
    expect(made.key).toMatch(/^nk_[A-Za-z0-9_-]{43}$/);
    expect(made.prefix).toBe(made.key.slice(0, 8));
    expect(await me(bearer(made.key))).toEqual({ ...(await me({ authorization: `Bearer ${token}` })) });
    const [shown] = await list();
    expect(shown).toMatchObject({ id: made.id, name: "CI", prefix: made.prefix, expiresAt: null });
    expect(shown).not.toHaveProperty("key");
    const dump = JSON.stringify(await database.query(sql`select * from api_key`));
    expect(dump).not.toContain(made.key.slice(8));
  });

  test("S14 the same key gets the same answer as Bearer and as x-api-key, good or bad", async () => {
    const { key } = await make();
    const other = (await make({ name: "other" })).key;
    expect(await me({ "x-api-key": key })).toEqual(await me(bearer(key)));
    expect(await me({ ...bearer(key), "x-api-key": key })).toEqual(await me(bearer(key)));
    const unknown = `nk_${"A".repeat(43)}`;
    expect(await me({ "x-api-key": unknown })).toEqual(await me(bearer(unknown)));
    for (const headers of [
      bearer(unknown),
      bearer("nk_short"),
      { "x-api-key": "nk_short" },
      { "x-api-key": "anything" },
      { "x-api-key": "" },
      { "x-api-key": `${key}, ${key}` },
      { ...bearer(key), "x-api-key": other },
    ])
      expect(await me(headers as Record<string, string>)).toMatchObject(refused);
  });

  test("a header of somebody else's gateway does not stand in the way of a token", async () => {
    expect(await me({ authorization: `Bearer ${token}`, "x-api-key": "gateway-1" })).toMatchObject({ status: 200 });
  });

  test("a revoked key is refused at once here, and its id is gone", async () => {
    const { id, key } = await make();
    expect(await me(bearer(key))).toMatchObject({ status: 200 });
    expect((await web.ask(`/v1/api-keys/${id}`, { method: "DELETE", token })).status).toBe(204);
    expect(await me(bearer(key))).toMatchObject(refused);
    expect(await list()).toEqual([]);
    expect((await web.ask(`/v1/api-keys/${id}`, { method: "DELETE", token })).status).toBe(404);
  });

  test("a key that was revoked by another node is refused within five seconds", async () => {
    const { id, key } = await make();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    expect(await me(bearer(key))).toMatchObject({ status: 200 });
    await database.query(sql`update api_key set revoked_at = now() where id = ${id}`);
    expect(await me(bearer(key))).toMatchObject({ status: 200 });
    vi.setSystemTime(Date.now() + 5_001);
    expect(await me(bearer(key))).toMatchObject(refused);
  });

  test("an expired key is refused, from that moment on", async () => {
    const { id, key } = await make({ name: "soon", expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await me(bearer(key))).toMatchObject({ status: 200 });
    await database.query(sql`update api_key set expires_at = now() - interval '1 second' where id = ${id}`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_001 });
    expect(await me(bearer(key))).toMatchObject(refused);
    vi.useRealTimers();
    const past = await web.ask("/v1/api-keys", { token, body: { name: "x", expiresAt: "2020-01-01T00:00:00Z" } });
    expect(past.status).toBe(422);
  });

  test("a key has the role that its owner has now, and none when they are suspended", async () => {
    const { key, userId } = await make();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    expect(await me(bearer(key))).toMatchObject({ role: "member" });
    await database.query(sql`update member set role = 'reader' where user_id = ${userId}`);
    vi.setSystemTime(Date.now() + 5_001);
    expect(await me(bearer(key))).toMatchObject({ role: "reader" });
    const made = await web.ask("/v1/conversations", { headers: bearer(key), body: {} });
    expect(made.status).toBe(403);
    await setSuspended(database, userId, true);
    vi.setSystemTime(Date.now() + 5_001);
    expect(await me(bearer(key))).toMatchObject({ status: 403 });
    await setSuspended(database, userId, false);
    await database.query(sql`delete from member where user_id = ${userId}`);
    vi.setSystemTime(Date.now() + 5_001);
    expect(await me(bearer(key))).toMatchObject(refused);
  });

  test("S50 a key opens its own workspace only", async () => {
    const { key } = await make();
    const elsewhere = await tokenFor({ subject: "anna", workspace: "w-second", role: "owner" });
    await web.ask("/v1/me", { token: elsewhere });
    expect(await me({ ...bearer(key), "natter-workspace": workspace })).toMatchObject({ workspaceId: workspace });
    expect(await me({ ...bearer(key), "natter-workspace": "w-second" })).toMatchObject({ status: 404 });
  });

  test("S7 nobody sees or revokes another's key", async () => {
    const { id, key } = await make();
    const colleague = await tokenFor({ subject: "ben", workspace, role: "owner" });
    const abroad = await tokenFor({ subject: "anna", workspace: "w-second", role: "owner" });
    for (const theirs of [colleague, abroad]) {
      expect(await list(theirs)).toEqual([]);
      expect((await web.ask(`/v1/api-keys/${id}`, { method: "DELETE", token: theirs })).status).toBe(404);
    }
    expect(await me(bearer(key))).toMatchObject({ status: 200 });
  });

  test("its last use is told to the minute, without a write for each request", async () => {
    const { key, id } = await make();
    expect((await list())[0]?.["lastUsedAt"]).toBeNull();
    await me(bearer(key));
    const used = (await list())[0]?.["lastUsedAt"];
    expect(used).toEqual(expect.any(String));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_001 });
    await me(bearer(key));
    expect((await list())[0]?.["lastUsedAt"]).toBe(used);
    await database.query(sql`update api_key set last_used_at = now() - interval '2 minutes' where id = ${id}`);
    vi.setSystemTime(Date.now() + 5_001);
    await me(bearer(key));
    expect((await list())[0]?.["lastUsedAt"]).toSatisfy((now: string) => now >= String(used));
  });

  test("S34 a name holds something that can be stored, and there are at most 100 keys", async () => {
    for (const name of ["", "  ", "a\0b", "x".repeat(101), 7])
      expect((await web.ask("/v1/api-keys", { token, body: { name } })).status).toBe(422);
    for (let count = 0; count < 100; count += 1) await make({ name: `key ${count}` });
    const one = await web.ask("/v1/api-keys", { token, body: { name: "one more" } });
    expect([one.status, ((await one.json()) as { code: string }).code]).toEqual([409, "conflict"]);
  });
});
