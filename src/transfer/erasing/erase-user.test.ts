import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { createErasingDesk, marker, textOf, type ErasingDesk } from "../../testing/databases/erasing-desk.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { framesOf, tokenFor } from "../../testing/servers/web.ts";
import { until } from "../../testing/spine.ts";

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
});
