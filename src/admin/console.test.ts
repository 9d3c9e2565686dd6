import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Worker } from "../engine/worker.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import { createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Ask, type Web } from "../testing/servers/web.ts";

const secret = "the word that was said";

interface Told {
  readonly isReadable: boolean;
  readonly source: string;
  readonly last: number;
  readonly nextAfter: number | null;
  readonly data: readonly { position: number; type: string; bytes: number; chunk: object | null }[];
}

describe.each(testDatabases)("N11 what the console looks up on $name", ({ open }) => {
  const workspace = createId();
  let database: Database;
  let web: Web;
  let worker: Worker;
  let admin = "";
  let member = "";
  let memberId = "";

  const read = async <Body>(path: string, token = admin): Promise<Body> =>
    (await (await web.ask(path, { token })).json()) as Body;
  const statusOf = async (path: string, token: string, ask: Ask = {}): Promise<number> =>
    (await web.ask(path, { token, ...ask })).status;

  beforeAll(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => [say("so ", secret)]) });
    worker = web.spine.worker();
    await worker.start();
    admin = await tokenFor({ subject: "admin", workspace, role: "admin" });
    member = await tokenFor({ subject: "member", workspace, role: "member" });
    await read("/v1/me");
    ({ userId: memberId } = await read<{ userId: string }>("/v1/me", member));
  }, 60_000);
  afterAll(async () => {
    await worker.drain(1);
    await web.close();
    await database.close();
  });

  const askAs = async (token: string): Promise<{ id: string; chunks: readonly object[] }> => {
    const answer = await web.ask("/v1/chat", { token, body: { message: { text: "hello" } } });
    const { chunks } = await readStream(answer);
    const { data } = await read<{ data: { id: string }[] }>("/v1/admin/completions?limit=1");
    return { id: data[0]!.id, chunks };
  };

  test("the chunks of a completion, page by page, are those that were streamed", async () => {
    const { id, chunks } = await askAs(admin);
    const told: Told["data"][number][] = [];
    let after: number | null = 0;
    while (after !== null) {
      const page: Told = await read(`/v1/admin/completions/${id}/chunks?limit=2&after=${after}`);
      expect(page).toMatchObject({ isReadable: true, source: "log", last: chunks.length });
      told.push(...page.data);
      after = page.nextAfter;
    }
    expect(told.map(({ chunk }) => chunk)).toEqual(chunks);
    expect(told.map(({ position }) => position)).toEqual(chunks.map((_, index) => index + 1));
    expect(told.map(({ bytes }) => bytes)).toEqual(chunks.map((chunk) => Buffer.byteLength(JSON.stringify(chunk))));
    expect(await statusOf(`/v1/admin/completions/${createId()}/chunks`, admin)).toBe(404);
    expect(await statusOf(`/v1/admin/completions/${id}/chunks?after=-1`, admin)).toBe(400);
  });

  test("of a private conversation of somebody else only types and sizes of chunks are told", async () => {
    const { id, chunks } = await askAs(member);
    const page = await read<Told>(`/v1/admin/completions/${id}/chunks`);
    expect(page.isReadable).toBe(false);
    expect(page.data.map(({ type }) => type)).toEqual(chunks.map((chunk) => (chunk as { type: string }).type));
    expect(JSON.stringify(page)).not.toContain(secret);
  });

  test("where the log is gone they are told from the rows", async () => {
    const { id } = await askAs(admin);
    const lost = await createWeb({ database, model: createScriptedModel(() => []) });
    const answer = await lost.ask(`/v1/admin/completions/${id}/chunks`, { token: admin });
    const page = (await answer.json()) as Told;
    expect(page).toMatchObject({ source: "rows", nextAfter: null });
    expect(JSON.stringify(page.data)).toContain(secret);
    expect(page.data.at(-1)?.type).toBe("finish");
    await lost.close();
  });

  test("an admin sees what keys a member has, and ends one; an owner's only an owner, and it is in the audit log", async () => {
    const make = async (token: string): Promise<{ id: string; key: string }> =>
      (await (await web.ask("/v1/api-keys", { token, body: { name: "CI" } })).json()) as { id: string; key: string };
    const { id, key } = await make(member);
    const keys = `/v1/admin/users/${memberId}/keys`;
    const list = await read<{ data: object[] }>(keys);
    expect(list.data).toMatchObject([{ id, name: "CI", scopes: ["read", "chat"], lastUsedAt: null }]);
    expect(JSON.stringify(list)).not.toContain(key);
    expect(await statusOf("/v1/me", key)).toBe(200);
    expect(await statusOf(`${keys}/${id}`, member, { method: "DELETE" })).toBe(403);
    expect(await statusOf(`${keys}/${id}`, admin, { method: "DELETE" })).toBe(204);
    expect(await statusOf(`${keys}/${id}`, admin, { method: "DELETE" })).toBe(404);
    expect(await statusOf("/v1/me", key)).toBe(401);
    const { data } = await read<{ data: object[] }>("/v1/admin/audit?action=key.revoke");
    expect(data).toMatchObject([{ subjectId: memberId, target: id }]);

    const owner = await tokenFor({ subject: "owner", workspace, role: "owner" });
    const { userId: ownerId } = await read<{ userId: string }>("/v1/me", owner);
    const ofOwner = `/v1/admin/users/${ownerId}/keys/${(await make(owner)).id}`;
    expect(await statusOf(ofOwner, admin, { method: "DELETE" })).toBe(403);
    expect(await statusOf(ofOwner, owner, { method: "DELETE" })).toBe(204);
    const elsewhere = await tokenFor({ subject: "elsewhere", workspace: createId(), role: "owner" });
    expect(await statusOf(keys, elsewhere)).toBe(404);
  });

  test("any row is found by its id, and the list it is in tells it alike", async () => {
    for (const list of ["users", "conversations", "completions", "audit"]) {
      const { data } = await read<{ data: { id: string }[] }>(`/v1/admin/${list}`);
      const last = data.at(-1);
      expect(await read(`/v1/admin/${list}?id=${last?.id}`)).toEqual({ data: [last], nextCursor: null });
    }
  });

  test("S23 a CSV has every row that fits the filter, over many pages, and no formula", async () => {
    const ids = Array.from({ length: 1_100 }, () => createId());
    await database.query(sql`
      insert into "user" (id, issuer, subject, name) select id, 'csv', id, '=1+1' from unnest(${ids}::text[]) as id`);
    await database.query(sql`
      insert into member (workspace_id, user_id, role) select ${workspace}, id, 'reader' from unnest(${ids}::text[]) as id`);
    const answer = await web.ask("/v1/admin/users?format=csv&role=reader&limit=1", { token: admin });
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="users.csv"');
    const lines = (await answer.text()).split("\r\n");
    expect(lines.pop()).toBe("");
    expect(lines[0]).toMatch(/^id,name,email,role,is_suspended,/);
    const cells = lines.slice(1).map((line) => line.split(","));
    expect(new Set(cells.map(([id]) => id))).toEqual(new Set(ids));
    expect(cells).toHaveLength(ids.length);
    expect(new Set(cells.map(([, name]) => name))).toEqual(new Set(["'=1+1"]));
    expect(await statusOf("/v1/admin/users?format=csv", member)).toBe(403);
  });

  test("days are those of a time zone that has a name", async () => {
    for (const zone of ["Nowhere/Land", "+02:00", "CET';--", "../etc"])
      expect(await statusOf(`/v1/admin/usage?zone=${encodeURIComponent(zone)}`, admin)).toBe(400);
    expect(await statusOf("/v1/admin/usage?zone=Asia/Kolkata", admin)).toBe(200);
  });
});
