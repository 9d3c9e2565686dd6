import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Worker } from "../../engine/worker.ts";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";

describe.each(testDatabases)("A4 a conversation that is shared with the workspace, on $name", ({ open }) => {
  const workspace = "w-shared";
  let database: Database;
  let web: Web;
  let worker: Worker;
  let conversationId: string;

  const token = (subject: string, role: "owner" | "admin" | "member" | "reader" = "member") =>
    tokenFor({ subject, workspace, role });
  const me = async (subject: string) =>
    (await (await web.ask("/v1/me", { token: await token(subject) })).json()) as { userId: string };
  const send = async (by: string, role: "member" | "admin" | "reader" = "member") =>
    web.ask("/v1/chat", {
      token: await token(by, role),
      body: { conversationId, message: { text: `from ${by}` }, stream: false },
    });

  beforeEach(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => say("Hello")) });
    worker = web.spine.worker();
    await worker.start();
    const made = await web.ask("/v1/conversations", {
      token: await token("ada"),
      body: { visibility: "workspace" },
    });
    ({ id: conversationId } = (await made.json()) as { id: string });
  });
  afterEach(async () => {
    await worker.drain(0);
    await web.close();
    await database.close();
  });

  test("is written in by other members, each the author of their messages and paying for their answers", async () => {
    expect((await send("ada")).status).toBe(200);
    expect((await send("ben")).status).toBe(200);
    const [ada, ben] = [await me("ada"), await me("ben")];
    const authors = await database.query<{ author_id: string }>(
      sql`select author_id from message where role = 'user' order by sequence`,
    );
    expect(authors.map(({ author_id }) => author_id)).toEqual([ada.userId, ben.userId]);
    const payers = await database.query<{ user_id: string }>(
      sql`select distinct user_id from usage where conversation_id = ${conversationId} order by user_id`,
    );
    expect(payers.map(({ user_id }) => user_id)).toEqual([ada.userId, ben.userId].toSorted());
    const theirs = async (by: string) =>
      ((await (await web.ask("/v1/usage", { token: await token(by) })).json()) as { totals: { calls: number } }).totals;
    expect([(await theirs("ada")).calls, (await theirs("ben")).calls]).toEqual([1, 1]);
  });

  test("stands in a list of what others share, for everybody there but its owner, as long as it is shared", async () => {
    await send("ada");
    const listed = async (by: string, shared: boolean, as: "member" | "reader" = "member") => {
      const path = `/v1/conversations?shared=${shared}&count=true`;
      const response = await web.ask(path, { token: await token(by, as) });
      const { data, count } = (await response.json()) as { data: { id: string }[]; count: number };
      expect(count).toBe(data.length);
      return data.map(({ id }) => id);
    };
    expect(await listed("rita", true, "reader")).toEqual([conversationId]);
    expect(await listed("rita", false, "reader")).toEqual([]);
    expect([await listed("ada", true), await listed("ada", false)]).toEqual([[], [conversationId]]);
    const elsewhere = await tokenFor({ subject: "eve", workspace: "w-other", role: "owner" });
    expect(await (await web.ask("/v1/conversations?shared=true", { token: elsewhere })).json()).toMatchObject({
      data: [],
    });
    await web.ask(`/v1/conversations/${conversationId}`, {
      method: "PATCH",
      token: await token("ada"),
      body: { visibility: "private" },
    });
    expect(await listed("rita", true, "reader")).toEqual([]);
  });

  test("is read by a reader, who sends nothing, and by nobody once it is private again", async () => {
    await send("ada");
    const path = `/v1/conversations/${conversationId}/messages`;
    const reader = await token("rita", "reader");
    expect((await web.ask(path, { token: reader })).status).toBe(200);
    expect((await send("rita", "reader")).status).toBe(403);
    const owner = await token("ada");
    await web.ask(`/v1/conversations/${conversationId}`, {
      method: "PATCH",
      token: owner,
      body: { visibility: "private" },
    });
    for (const someone of [reader, await token("ben"), await token("boss", "owner")])
      expect((await web.ask(path, { token: someone })).status).toBe(404);
    expect((await send("ben")).status).toBe(409);
  });

  test("is changed by its owner alone, and deleted by its owner or an admin", async () => {
    const path = `/v1/conversations/${conversationId}`;
    const rename = async (by: string) => web.ask(path, { method: "PATCH", token: by, body: { title: "Mine" } });
    expect((await rename(await token("ben"))).status).toBe(403);
    expect((await rename(await token("boss", "admin"))).status).toBe(403);
    expect((await rename(await token("ada"))).status).toBe(200);
    expect((await web.ask(path, { method: "DELETE", token: await token("ben") })).status).toBe(403);
    expect((await web.ask(path, { method: "DELETE", token: await token("boss", "admin") })).status).toBe(204);
  });
});
