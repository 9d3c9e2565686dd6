import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { createErasingDesk, marker, textOf, type ErasingDesk } from "../../testing/databases/erasing-desk.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { framesOf, readStream, tokenFor, type Ask } from "../../testing/servers/web.ts";
import { until } from "../../testing/spine.ts";
import { eraseEverywhere } from "./erase-user.ts";

describe.each(testDatabases)("erasing a user on $name", ({ open }) => {
  let database: Database;
  let desk: ErasingDesk;

  beforeEach(async () => {
    database = await open();
    desk = await createErasingDesk(database);
  });
  afterEach(async () => {
    await desk.close();
    await database.close();
  });

  test("N10 what runs for them is stopped, their streams are cut and their token makes somebody new", async () => {
    const own = await desk.start("ada");
    const stream = await desk.web.ask("/v1/chat", {
      token: desk.tokens.ada,
      body: { conversationId: own, message: { text: `${marker} and hang` } },
    });
    const frames = framesOf(stream)[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => (await frames.next()).value;
    await until(async () => textOf(await next())?.includes("text-delta"));
    expect((await desk.erase("boss")).status).toBe(202);
    // nothing would end this answer by itself
    await until(async () => (await frames.next()).done === true, 30);
    desk.loop.start();
    await desk.done();
    expect(await desk.exec(sql`select 1 from completion where conversation_id = ${own}`)).toEqual([]);
    // as a host does that still knows them: somebody new, who has nothing
    const again = await desk.json<{ userId: string }>("ada", "/v1/me");
    expect(again.userId).not.toBe(desk.ids.ada);
    expect((await desk.json<{ data: unknown[] }>("ada", "/v1/conversations")).data).toEqual([]);
  });

  test("N10 an only owner is not erased while others are there, unless somebody follows; alone, the workspace goes as well", async () => {
    const refused = await desk.erase("boss", desk.ids.boss);
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: "conflict", detail: expect.stringContaining("successor") },
    ]);
    expect((await desk.erase("boss", desk.ids.boss, `?successorId=${createId()}`)).status).toBe(409);
    expect(await desk.exec(sql`select 1 from "user" where erased_at is not null`)).toEqual([]);
    expect((await desk.erase("ada", desk.ids.boss)).status).toBe(403);
    expect((await desk.erase("bob", desk.ids.ada)).status).toBe(403);
    expect((await desk.erase("boss", desk.ids.boss, `?successorId=${desk.ids.bob}`)).status).toBe(202);
    desk.loop.start();
    await desk.done();
    expect(
      await desk.exec(sql`select user_id, role from member where workspace_id = ${desk.workspace} and role = 'owner'`),
    ).toEqual([{ user_id: desk.ids.bob, role: "owner" }]);
    desk.tokens.bob = await tokenFor({ subject: `bob-${desk.workspace}`, workspace: desk.workspace, role: "owner" });
    expect((await desk.erase("bob")).status).toBe(202);
    expect((await desk.erase("bob", desk.ids.bob)).status).toBe(202);
    await desk.done(3);
    expect(await desk.exec(sql`select 1 from workspace where id = ${desk.workspace}`)).toEqual([]);
  });

  test("N10 whoever is in another workspace stays there, as they are", async () => {
    const elsewhere = createId();
    const there = await tokenFor({ subject: marker, workspace: elsewhere, role: "owner" });
    const kept = await desk.web.ask("/v1/conversations", { token: there, body: { title: "kept elsewhere" } });
    const { id } = (await kept.json()) as { id: string };
    await desk.start("ada", { title: marker });
    expect(await (await desk.erase("boss")).json()).toMatchObject({ isGone: false });
    desk.loop.start();
    await desk.done();
    expect(await desk.exec(sql`select id, title from conversation where owner_id = ${desk.ids.ada}`)).toEqual([
      { id, title: "kept elsewhere" },
    ]);
    expect((await desk.web.ask(`/v1/conversations/${id}`, { token: there })).status).toBe(200);
    expect(await desk.exec(sql`select subject from "user" where id = ${desk.ids.ada}`)).toEqual([{ subject: marker }]);
  });

  describe("who was in another workspace once", () => {
    const elsewhere = createId();
    let carol: string;
    let ada: string;
    let shared: string;

    const ask = async <Body>(token: string, path: string, more: Ask = {}): Promise<Body> => {
      const response = await desk.web.ask(path, { token, ...more });
      const text = await response.text();
      expect([path, response.ok, text]).toEqual([path, true, text]);
      return (text === "" ? null : JSON.parse(text)) as Body;
    };
    const erase = (token: string): Promise<Response> =>
      desk.web.ask(`/v1/admin/users/${desk.ids.ada}`, { token, method: "DELETE" });

    beforeEach(async () => {
      carol = await tokenFor({ subject: "carol", workspace: elsewhere, role: "owner" });
      ada = await tokenFor({ subject: marker, workspace: elsewhere, role: "member" });
      shared = (await ask<{ id: string }>(carol, "/v1/conversations", { body: { visibility: "workspace" } })).id;
      await readStream(
        await desk.web.ask("/v1/chat", {
          token: carol,
          body: { conversationId: shared, message: { text: "of Carol" } },
        }),
      );
      await ask(ada, "/v1/me");
    });
    const leave = (): Promise<unknown> =>
      ask(carol, `/v1/workspaces/${elsewhere}/members/${desk.ids.ada}`, {
        method: "DELETE",
        headers: { "x-request-id": "of-carol" },
      });

    test("N10 is erased there as well when they are in no workspace any more, and it is not told who decided that", async () => {
      await ask(ada, "/v1/conversations", { body: { title: `There ${marker}` } });
      await readStream(
        await desk.web.ask("/v1/chat", { token: ada, body: { conversationId: shared, message: { text: marker } } }),
      );
      await ask(ada, "/v1/api-keys", { body: { name: marker } });
      await leave();
      const begun = await desk.web.ask(`/v1/admin/users/${desk.ids.ada}`, {
        token: desk.tokens.boss,
        method: "DELETE",
        headers: { "x-request-id": "of-boss" },
      });
      expect(await begun.json()).toMatchObject({ isGone: true, workspaceIds: [desk.workspace] });
      desk.loop.start();
      await desk.done(2);
      expect(await desk.traces()).toEqual([]);
      const told = await desk.exec(sql`
        select actor_id, request_id from audit where workspace_id = ${elsewhere} and subject_id = ${desk.ids.ada} order by at`);
      expect(told).toEqual([
        { actor_id: expect.any(String), request_id: "of-carol" },
        { actor_id: null, request_id: null },
      ]);
      expect((await ask<{ data: unknown[] }>(carol, `/v1/conversations/${shared}/messages`)).data).toHaveLength(4);
    });

    const left: Readonly<Record<string, () => Promise<unknown>>> = {
      "a vote": async () => {
        const { data } = await ask<{ data: { id: string; role: string }[] }>(
          ada,
          `/v1/conversations/${shared}/messages`,
        );
        const answered = data.find(({ role }) => role === "assistant")?.id;
        const body = { value: "down", reason: marker };
        await ask(ada, `/v1/conversations/${shared}/messages/${answered}/vote`, { method: "PUT", body });
      },
      "a version of an artifact": () =>
        ask(ada, `/v1/conversations/${shared}/artifacts`, {
          body: { kind: "document", title: marker, content: marker },
        }),
      "what a tool keeps": () =>
        desk.exec(sql`insert into tool_data (workspace_id, user_id, key, value)
          values (${elsewhere}, ${desk.ids.ada}, 'of-ada', ${textOf(marker)}::jsonb)`),
      "a file": () =>
        desk.exec(sql`insert into attachment (workspace_id, id, owner_id, media_type, bytes, sha256, file_name)
          values (${elsewhere}, ${createId()}, ${desk.ids.ada}, 'text/plain', 1, '', ${marker})`),
    };

    test.each(Object.keys(left))("N10 is known there by %s alone", async (what) => {
      await left[what]?.();
      await leave();
      expect((await erase(carol)).status).toBe(202);
      desk.loop.start();
      await desk.done();
      await erase(desk.tokens.boss);
      await desk.done(2);
      expect(await desk.traces()).toEqual([]);
    });
  });

  test("N10 somebody whom a workspace calls as an account is called takes that account along never", async () => {
    await desk.exec(
      sql`insert into account_user (id, name, email) values (${marker}, 'Another Ada', 'ada@example.org')`,
    );
    await desk.exec(sql`insert into account_verification (id, identifier, value, expires_at)
      values ('reset', 'ada@example.org', ${marker}, now() + interval '1 hour')`);
    await desk.exec(sql`update "user" set email = 'ada@example.org' where id = ${desk.ids.ada}`);
    expect(await (await desk.erase("boss")).json()).toMatchObject({ isGone: true });
    expect(await desk.exec(sql`select id from account_user`)).toEqual([{ id: marker }]);
    expect(await desk.exec(sql`select id from account_verification`)).toEqual([{ id: "reset" }]);
  });

  test("N10 of somebody who left nothing anywhere, the audit log keeps no names and addresses either", async () => {
    const workspace = createId();
    const alone = await tokenFor({ subject: `${marker}-alone`, workspace, role: "owner" });
    const me = await desk.web.ask("/v1/me", { token: alone });
    const { userId } = (await me.json()) as { userId: string };
    await desk.exec(sql`insert into audit (id, workspace_id, actor_id, subject_id, action, details, ip, request_id)
      values ('1', null, ${userId}, null, 'account.create', ${textOf({ name: marker, by: "link" })}::jsonb, ${marker}, ${marker}),
        ('2', ${workspace}, ${desk.ids.boss}, ${userId}, 'key.create', ${textOf({ name: marker, scopes: [] })}::jsonb, 'of boss', 'of boss')`);
    await desk.exec(sql`delete from workspace where id = ${workspace}`);
    const { context } = desk.web.spine;
    expect(await eraseEverywhere(context, null, { userId })).toEqual({ userId, workspaceIds: [], isGone: true });
    expect(await desk.exec(sql`select details, ip from audit where id in ('1', '2') order by id`)).toEqual([
      { details: { by: "link" }, ip: null },
      { details: { scopes: [] }, ip: "of boss" },
    ]);
  });
});
