import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeDue } from "../../conversations/search/write-due.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { Database, Statement } from "../../ports/database.ts";
import type { Conversation, Message } from "../../protocol/resources.ts";
import { createErasingDesk, marker, textOf, type ErasingDesk } from "../../testing/databases/erasing-desk.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { leaveTraces } from "../../testing/databases/leave-traces.ts";
import { readStream } from "../../testing/servers/web.ts";
import { createEraseHandler } from "./erase-job.ts";

const file = { type: "file", filename: `${marker}.txt`, url: `data:text/plain;base64,${btoa(`says ${marker}`)}` };

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

  const converse = async (who: "ada" | "bob", conversationId: string, ...parts: readonly object[]): Promise<void> => {
    const body = { conversationId, message: { parts } };
    const mark = who === "ada" ? marker : "plain";
    const headers = { "idempotency-key": `${mark}-${createId()}`, "x-request-id": `request-${mark}` };
    await readStream(await desk.web.ask("/v1/chat", { token: desk.tokens[who], body, headers }));
  };
  const text = (words: string) => ({ type: "text", text: words });
  const messages = async (who: "ada" | "bob", conversationId: string): Promise<Message[]> =>
    (await desk.json<{ data: Message[] }>(who, `/v1/conversations/${conversationId}/messages`)).data;

  /** Ada leaves traces wherever one can; answers what of others has to stay as it is. */
  const live = async () => {
    await desk.exec(
      sql`update "user" set name = ${`Ada ${marker}`}, email = ${`${marker}@example.org`} where id = ${desk.ids.ada}`,
    );
    const own = await desk.start("ada", { title: `About ${marker}`, settings: { instructions: `You know ${marker}` } });
    await converse("ada", own, text(`I am ${marker}`), file);
    await converse("bob", own, text("Bob was here"));
    const fork = (await desk.json<Conversation>("bob", `/v1/conversations/${own}/fork`, { body: {} })).id;
    await converse("bob", fork, text("and Bob goes on"));
    const bobs = await desk.start("bob");
    await converse("ada", bobs, text(`first of all, ${marker}`), file);
    await converse("bob", bobs, text("the words of Bob"));
    const [, , bobsQuestion, bobsAnswer] = await messages("bob", bobs);
    await desk.json("ada", `/v1/conversations/${bobs}/messages/${bobsAnswer?.id}/vote`, {
      method: "PUT",
      body: { value: "down", reason: `says ${marker}` },
    });
    await desk.json("bob", `/v1/conversations/${bobs}/messages/${bobsAnswer?.id}/vote`, {
      method: "PUT",
      body: { value: "up" },
    });
    await desk.exec(sql`update conversation set title = ${`Talk of ${marker}`} where id in (${bobs}, ${fork})`);
    await desk.json("bob", `/v1/conversations/${bobs}/shares`, { body: {} });
    await desk.json("ada", "/v1/api-keys", { body: { name: marker } });
    await desk.json("ada", `/v1/workspaces/${desk.workspace}/invitations`, { body: { note: `from ${marker}` } });
    await desk.json("ada", `/v1/conversations/${own}/shares`, { body: {} });
    await desk.json("ada", `/v1/conversations/${own}/artifacts`, {
      body: { kind: "document", title: marker, content: marker },
    });
    const shared = { kind: "document", title: "Plan", content: "of Bob" };
    const artifact = await desk.json<{ id: string }>("bob", `/v1/conversations/${bobs}/artifacts`, { body: shared });
    await desk.json("ada", `/v1/artifacts/${artifact.id}`, { method: "PATCH", body: { content: `${marker}!` } });
    await desk.json("ada", `/v1/conversations/${bobs}/artifacts`, {
      body: { kind: "code", title: marker, content: marker },
    });
    await desk.web.ask("/v1/import", {
      token: desk.tokens.ada,
      method: "POST",
      body: `[{"title": "${marker}"}]`,
      headers: { "content-type": "application/octet-stream" },
    });
    await leaveTraces(desk, bobs);
    await writeDue(database, silentLogger, new AbortController().signal);
    return { own, bobs, fork, artifact: artifact.id, kept: [bobsQuestion, bobsAnswer] as const };
  };

  test("N10 nothing of what they wrote, were called or had is left in any column of any table or in any file", async () => {
    const { own, bobs, fork, artifact, kept } = await live();
    const left = await desk.traces();
    expect((await desk.wordColumns()).filter((column) => !left.includes(column))).toEqual([]);
    expect(left).toEqual(expect.arrayContaining(["a file", "audit.request_id"]));
    const ledger = await desk.exec(
      sql`select completion_id, user_id, input_tokens from usage order by completion_id, step`,
    );
    const begun = await desk.erase("boss");
    expect([begun.status, await begun.json()]).toEqual([
      202,
      { userId: desk.ids.ada, workspaceIds: [desk.workspace], isGone: true },
    ]);
    desk.loop.start();
    await desk.done();
    await writeDue(database, silentLogger, new AbortController().signal);
    expect(await desk.traces()).toEqual([]);

    expect((await desk.web.ask(`/v1/conversations/${own}`, { token: desk.tokens.bob })).status).toBe(404);
    const shown = await messages("bob", bobs);
    expect(shown.map(({ sequence, deletedAt, authorId }) => [sequence, deletedAt !== null, authorId])).toEqual([
      [1, true, desk.ids.ada],
      [2, true, null],
      [3, false, desk.ids.bob],
      [4, false, null],
    ]);
    const [question, answer] = kept;
    expect(shown[2]).toEqual(question);
    expect(textOf(shown[3]?.parts)).toContain("the words of Bob");
    expect(shown[3]).toEqual({ ...answer, vote: "up" });
    expect(await desk.exec(sql`select user_id, value from vote`)).toEqual([{ user_id: desk.ids.bob, value: "up" }]);
    expect((await messages("bob", fork)).map(({ deletedAt }) => deletedAt !== null)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    const versions = await database.query<{ content: string }>(
      sql`select content from artifact_version where artifact_id = ${artifact} order by version`,
    );
    expect(versions).toEqual([{ content: "of Bob" }, { content: "" }]);
    expect(
      await desk.exec(sql`select completion_id, user_id, input_tokens from usage order by completion_id, step`),
    ).toEqual(ledger);
    expect(
      await desk.exec(sql`select name, email, subject = id as is_own from "user" where id = ${desk.ids.ada}`),
    ).toEqual([{ name: "Erased user", email: null, is_own: true }]);
    const { data } = await desk.json<{ data: { action: string; actorId: string | null; subjectId: string }[] }>(
      "boss",
      "/v1/audit",
    );
    expect(
      data
        .filter(({ action }) => action.startsWith("user."))
        .map(({ action, actorId, subjectId }) => [action, actorId, subjectId]),
    ).toEqual([
      ["user.erased", null, desk.ids.ada],
      ["user.erase", desk.ids.boss, desk.ids.ada],
    ]);
    expect(await desk.exec(sql`select 1 from job where kind = 'erase'`)).toEqual([]);
  });

  test("N10 texts of a new table have to be erased, or to be declared free of words", async () => {
    await database.script(
      "create table diary (id text, workspace_id text, written_by text, entry text, mood jsonb, pages integer)",
    );
    const columns = await desk.wordColumns();
    expect(columns.filter((column) => column.startsWith("diary."))).toEqual(["diary.entry", "diary.mood"]);
  });

  test("N10 it goes on wherever its worker died", async () => {
    await live();
    await desk.erase("boss");
    const [job] = await database.query<{ id: string; payload: unknown }>(
      sql`select id, payload from job where kind = 'erase'`,
    );
    const run = async (most: number): Promise<boolean> => {
      let left = most;
      const dying: Database = {
        transaction: (work) => database.transaction(work),
        script: (script) => database.script(script),
        exclusive: (name, work) => database.exclusive(name, work),
        close: () => database.close(),
        query: <Row>(statement: Statement) => {
          left -= 1;
          if (left < 0) throw new Error("killed");
          return database.query<Row>(statement);
        },
      };
      const handler = createEraseHandler({ ...desk.web.spine.context, database: dying, settleSeconds: 0 });
      const claim = {
        workspaceId: desk.workspace,
        id: job?.id ?? "",
        subject: desk.ids.ada,
        payload: job?.payload,
        attempt: 1,
        fence: 1,
      };
      const ended = await handler(claim, new AbortController().signal).catch((thrown: unknown) => thrown);
      expect(ended instanceof Error ? ended.message : "killed").toBe("killed");
      deaths += ended instanceof Error ? 1 : 0;
      return ended === undefined;
    };
    let deaths = 0;
    for (let most = 0; !(await run(most)); most += 3);
    expect(deaths).toBeGreaterThan(5);
    await writeDue(database, silentLogger, new AbortController().signal);
    expect(await desk.traces()).toEqual([]);
  });

  test("N10 the audit log is changed by nothing else", async () => {
    await live();
    const row = sql`workspace_id = ${desk.workspace} and actor_id = ${desk.ids.ada}`;
    await expect(desk.exec(sql`update audit set ip = null where ${row}`)).rejects.toThrow("append-only");
    await expect(
      database.transaction(async () => {
        await desk.exec(sql`select set_config('natter.erasing', ${desk.ids.ada}, true)`);
        await desk.exec(
          sql`update audit set ip = null, request_id = null, details = details - 'name', action = 'nothing' where ${row}`,
        );
      }),
    ).rejects.toThrow("append-only");
    await expect(
      database.transaction(async () => {
        await desk.exec(sql`select set_config('natter.erasing', ${desk.ids.bob}, true)`);
        await desk.exec(sql`update audit set ip = null, request_id = null, details = details - 'name' where ${row}`);
      }),
    ).rejects.toThrow("append-only");
    await expect(desk.exec(sql`delete from audit`)).rejects.toThrow("append-only");
  });
});
