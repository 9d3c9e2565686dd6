import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { composeErasing } from "../../compose/compose-erasing.ts";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { JobLoop } from "../../jobs/job-loop.ts";
import { writeDue } from "../../conversations/search/write-due.ts";
import type { Database, Statement } from "../../ports/database.ts";
import type { Conversation, Message } from "../../protocol/resources.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, framesOf, readStream, tokenFor, type Ask, type Web } from "../../testing/servers/web.ts";
import { createEraseHandler } from "./erase-job.ts";

const marker = "quokkafinch7431";
const file = { type: "file", filename: `${marker}.txt`, url: `data:text/plain;base64,${btoa(`says ${marker}`)}` };

describe.each(testDatabases)("erasing a user on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let engine: Worker;
  let loop: JobLoop;
  let workspace: string;
  let tokens: Record<"boss" | "ada" | "bob", string>;
  let ids: Record<"boss" | "ada" | "bob", string>;

  const textOf = (value: unknown): string => JSON.stringify(value);

  beforeEach(async () => {
    database = await open();
    const model = createScriptedModel((call) => {
      const asked = textOf(call.messages.findLast(({ role }) => role === "user")?.content);
      return asked.includes("and hang") ? [say("so "), { hang: true }] : [say(`You said ${asked}`)];
    });
    web = await createWeb({ database, model });
    engine = web.spine.worker();
    await engine.start();
    loop = composeErasing({
      context: { ...web.spine.context, settleSeconds: 0.1 },
      logger: silentLogger,
      workerId: createId(),
      leaseSeconds: 10,
      pollSeconds: 0.05,
    });
    workspace = createId();
    tokens = {
      boss: await tokenFor({ subject: `boss-${workspace}`, workspace, role: "owner" }),
      ada: await tokenFor({ subject: marker, workspace, role: "admin" }),
      bob: await tokenFor({ subject: `bob-${workspace}`, workspace, role: "member" }),
    };
    ids = { boss: await idOf("boss"), ada: await idOf("ada"), bob: await idOf("bob") };
  });
  afterEach(async () => {
    await loop.drain(1);
    await engine.drain(1);
    await web.close();
    await database.close();
  });

  type Who = keyof typeof tokens;
  const json = async <Body>(who: Who, path: string, ask: Ask = {}): Promise<Body> => {
    const response = await web.ask(path, { token: tokens[who], ...ask });
    const text = await response.text();
    expect([path, response.ok, text]).toEqual([path, true, text]);
    return (text === "" ? null : JSON.parse(text)) as Body;
  };
  const idOf = async (who: Who): Promise<string> => (await json<{ userId: string }>(who, "/v1/me")).userId;
  const converse = async (who: Who, conversationId: string, ...parts: readonly object[]): Promise<void> => {
    const body = { conversationId, message: { parts } };
    const mark = who === "ada" ? marker : "plain";
    const headers = { "idempotency-key": `${mark}-${createId()}`, "x-request-id": `request-${mark}` };
    await readStream(await web.ask("/v1/chat", { token: tokens[who], body, headers }));
  };
  const text = (words: string) => ({ type: "text", text: words });
  const start = async (who: Who, more: object = {}): Promise<string> => {
    const { id } = await json<Conversation>(who, "/v1/conversations", { body: { visibility: "workspace", ...more } });
    return id;
  };
  const messages = async (who: Who, conversationId: string): Promise<Message[]> =>
    (await json<{ data: Message[] }>(who, `/v1/conversations/${conversationId}/messages`)).data;
  const exec = (statement: Statement): Promise<unknown[]> => database.query(statement);
  const erase = (who: Who, userId = ids.ada, query = ""): Promise<Response> =>
    web.ask(`/v1/admin/users/${userId}${query}`, { token: tokens[who], method: "DELETE" });
  const done = (count = 1): Promise<unknown> =>
    until(async () => (await exec(sql`select 1 from audit where action = 'user.erased'`)).length === count, 60);

  /** Every column of every table in which the marker stands. */
  const traces = async (): Promise<string[]> => {
    const columns = await database.query<{ table_name: string; column_name: string }>(sql`
      select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'migration'
        and c.data_type not in ('integer', 'bigint', 'boolean', 'double precision', 'timestamp with time zone')
      order by c.table_name, c.column_name`);
    expect(columns.length).toBeGreaterThan(150);
    const found: string[] = [];
    for (const { table_name: table, column_name: column } of columns) {
      const rows = await database.query(
        sql`select 1 from ${sql([`"${table}"`])} where ${sql([`"${column}"`])}::text ilike ${`%${marker}%`} limit 1`,
      );
      if (rows.length > 0) found.push(`${table}.${column}`);
    }
    for await (const key of web.spine.context.blobs.list(new Date(Date.now() + 3_600_000))) {
      const blob = await web.spine.context.blobs.get(key);
      const pieces: Uint8Array[] = [];
      for await (const piece of blob?.content ?? []) pieces.push(piece);
      if (Buffer.concat(pieces).toString().includes(marker)) found.push("a file");
    }
    return found;
  };

  /** Ada leaves traces wherever one can; answers what of others has to stay as it is. */
  const live = async () => {
    await exec(
      sql`update "user" set name = ${`Ada ${marker}`}, email = ${`${marker}@example.org`} where id = ${ids.ada}`,
    );
    const own = await start("ada", { title: `About ${marker}`, settings: { instructions: `You know ${marker}` } });
    await converse("ada", own, text(`I am ${marker}`), file);
    await converse("bob", own, text("Bob was here"));
    const fork = (await json<Conversation>("bob", `/v1/conversations/${own}/fork`, { body: {} })).id;
    await converse("bob", fork, text("and Bob goes on"));
    const bobs = await start("bob");
    await converse("ada", bobs, text(`first of all, ${marker}`), file);
    await converse("bob", bobs, text("the words of Bob"));
    const [, , bobsQuestion, bobsAnswer] = await messages("bob", bobs);
    await json("ada", `/v1/conversations/${bobs}/messages/${bobsAnswer?.id}/vote`, {
      method: "PUT",
      body: { value: "down", reason: `says ${marker}` },
    });
    await json("bob", `/v1/conversations/${bobs}/messages/${bobsAnswer?.id}/vote`, {
      method: "PUT",
      body: { value: "up" },
    });
    await exec(sql`update conversation set title = ${`Talk of ${marker}`} where id in (${bobs}, ${fork})`);
    await json("ada", "/v1/api-keys", { body: { name: marker } });
    await json("ada", `/v1/workspaces/${workspace}/invitations`, { body: { note: `from ${marker}` } });
    await json("ada", `/v1/conversations/${own}/shares`, { body: {} });
    await json("ada", `/v1/conversations/${own}/artifacts`, {
      body: { kind: "document", title: marker, content: marker },
    });
    const shared = { kind: "document", title: "Plan", content: "of Bob" };
    const artifact = await json<{ id: string }>("bob", `/v1/conversations/${bobs}/artifacts`, { body: shared });
    await json("ada", `/v1/artifacts/${artifact.id}`, { method: "PATCH", body: { content: `${marker}!` } });
    await json("ada", `/v1/conversations/${bobs}/artifacts`, {
      body: { kind: "code", title: marker, content: marker },
    });
    await web.ask("/v1/import", {
      token: tokens.ada,
      method: "POST",
      body: `[{"title": "${marker}"}]`,
      headers: { "content-type": "application/octet-stream" },
    });
    await leaveRows(bobs);
    await writeDue(database, silentLogger, new AbortController().signal);
    return { own, bobs, fork, artifact: artifact.id, kept: [bobsQuestion, bobsAnswer] as const };
  };

  /** What is made by work that does not run here. */
  const leaveRows = async (bobs: string): Promise<void> => {
    const [completion] = await database.query<{ id: string; message_id: string }>(
      sql`select id, message_id from completion where conversation_id = ${bobs} and requested_by = ${ids.ada}`,
    );
    const { id = "", message_id = "" } = completion ?? {};
    const call = { workspace: sql`${workspace}`, id: sql`${id}` };
    await exec(
      sql`insert into tool_data (workspace_id, user_id, key, value) values (${workspace}, ${ids.ada}, ${marker}, ${textOf(marker)}::jsonb)`,
    );
    await exec(sql`insert into cached_answer (key, workspace_id, user_id, answer, expires_at)
      values ('k', ${workspace}, ${ids.ada}, ${textOf({ marker })}::jsonb, now() + interval '1 day')`);
    await exec(
      sql`insert into import_run (workspace_id, id, user_id) values (${workspace}, 'import-of-ada', ${ids.ada})`,
    );
    await exec(
      sql`insert into import_item (workspace_id, import_id, position, title, outcome) values (${workspace}, 'import-of-ada', 1, ${marker}, 'imported')`,
    );
    await exec(sql`insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, status, fence, outcome)
      values (${call.workspace}, ${call.id}, 'call', 1, 'look', ${textOf({ marker })}::jsonb, 'finished', 1, ${textOf({ type: "completed", data: marker })}::jsonb)`);
    await exec(sql`insert into approval (workspace_id, id, conversation_id, completion_id, call_id, agent, tool, input, input_hash, user_id, expires_at)
      values (${workspace}, 'approval', ${bobs}, ${id}, 'call', 'default', 'look', ${textOf({ marker })}::jsonb, 'hash', ${ids.ada}, now())`);
    await exec(sql`insert into checkpoint (workspace_id, completion_id, namespace, id, format, state, metadata)
      values (${workspace}, ${id}, '', 'c', 'json', ${marker}, ${marker})`);
    await exec(sql`insert into checkpoint_write (workspace_id, completion_id, namespace, checkpoint_id, task_id, index, task_path, channel, format, value)
      values (${workspace}, ${id}, '', 'c', 't', 0, '', 'x', 'json', ${marker})`);
    const [answer] = await database.query<{ id: string }>(
      sql`select message_id as id from completion where conversation_id = ${bobs} and requested_by = ${ids.bob}`,
    );
    await exec(sql`insert into background_execution (workspace_id, id, conversation_id, completion_id, message_id, call_id, user_id, agent, tool, input, secret, status, result, progress, carried_by)
      values (${workspace}, 'tool-of-ada', ${bobs}, ${id}, ${message_id}, 'call', ${ids.ada}, 'default', 'look', ${textOf({ marker })}::jsonb, 's', 'completed',
        ${textOf({ type: "completed", data: marker })}::jsonb, ${textOf({ note: marker })}::jsonb, ${[answer?.id ?? ""]})`);
    const carried = {
      type: "data-natter-tool-result",
      id: "call",
      data: { toolExecutionId: "tool-of-ada", callId: "call", outcome: marker },
    };
    await exec(
      sql`update message set parts = ${textOf([carried])}::jsonb || parts where conversation_id = ${bobs} and id = ${answer?.id}`,
    );
    await exec(sql`insert into summary (workspace_id, conversation_id, message_id, text, messages, model)
      values (${workspace}, ${bobs}, ${message_id}, ${`of ${marker}`}, 1, 'm')`);
    await exec(sql`insert into webhook (workspace_id, id, url, events, secret, description, created_by)
      values (${workspace}, 'hook-of-ada', 'https://example.com', '[]', 'whsec_A', ${marker}, ${ids.ada})`);
    await exec(sql`insert into webhook_event (workspace_id, id, type, conversation_id, user_id, facts)
      values (${workspace}, 'event-of-bob', 'completion.completed', ${bobs}, ${ids.bob}, '{}')`);
    await exec(
      sql`insert into webhook_delivery (workspace_id, webhook_id, event_id, answer_text) values (${workspace}, 'hook-of-ada', 'event-of-bob', ${marker})`,
    );
    await exec(sql`insert into audit (id, workspace_id, actor_id, action, details, ip, request_id)
      values (${createId()}, ${workspace}, ${ids.ada}, 'workspace.change', ${textOf({ name: marker })}::jsonb, ${marker}, ${marker})`);
  };

  const expectedTraces = [
    "a file",
    "api_key.name",
    "approval.input",
    "artifact.title",
    "artifact_version.content",
    "attachment.file_name",
    "audit.details",
    "audit.ip",
    "background_execution.result",
    "cached_answer.answer",
    "checkpoint.state",
    "checkpoint_write.value",
    "completion_step.parts",
    "conversation.settings",
    "conversation.title",
    "idempotency.key",
    "import_item.title",
    "invitation.note",
    "message.parts",
    "message_search.words",
    "summary.text",
    "title_search.words",
    "tool_data.value",
    "tool_execution.outcome",
    "user.email",
    "user.name",
    "user.subject",
    "vote.reason",
    "webhook.description",
    "webhook_delivery.answer_text",
  ];

  test("N10 nothing of what they wrote, were called or had is left in any column of any table or in any file", async () => {
    const { own, bobs, fork, artifact, kept } = await live();
    expect(await traces()).toEqual(expect.arrayContaining(expectedTraces));
    const ledger = await exec(sql`select completion_id, user_id, input_tokens from usage order by completion_id, step`);
    const begun = await erase("boss");
    expect([begun.status, await begun.json()]).toEqual([
      202,
      { userId: ids.ada, workspaceIds: [workspace], isGone: true },
    ]);
    loop.start();
    await done();
    await writeDue(database, silentLogger, new AbortController().signal);
    expect(await traces()).toEqual([]);

    expect((await web.ask(`/v1/conversations/${own}`, { token: tokens.bob })).status).toBe(404);
    const shown = await messages("bob", bobs);
    expect(shown.map(({ sequence, deletedAt, authorId }) => [sequence, deletedAt !== null, authorId])).toEqual([
      [1, true, ids.ada],
      [2, true, null],
      [3, false, ids.bob],
      [4, false, null],
    ]);
    const [question, answer] = kept;
    expect(shown[2]).toEqual(question);
    expect(textOf(shown[3]?.parts)).toContain("the words of Bob");
    expect(shown[3]).toEqual({ ...answer, vote: "up" });
    expect(await exec(sql`select user_id, value from vote`)).toEqual([{ user_id: ids.bob, value: "up" }]);
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
      await exec(sql`select completion_id, user_id, input_tokens from usage order by completion_id, step`),
    ).toEqual(ledger);
    expect(await exec(sql`select name, email, subject = id as is_own from "user" where id = ${ids.ada}`)).toEqual([
      { name: "Erased user", email: null, is_own: true },
    ]);
    const { data } = await json<{ data: { action: string; actorId: string | null; subjectId: string }[] }>(
      "boss",
      "/v1/audit",
    );
    expect(
      data
        .filter(({ action }) => action.startsWith("user."))
        .map(({ action, actorId, subjectId }) => [action, actorId, subjectId]),
    ).toEqual([
      ["user.erased", null, ids.ada],
      ["user.erase", ids.boss, ids.ada],
    ]);
    expect(await exec(sql`select 1 from job where kind = 'erase'`)).toEqual([]);
  });

  test("N10 it goes on wherever its worker died", async () => {
    await live();
    await erase("boss");
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
      const handler = createEraseHandler({ ...web.spine.context, database: dying, settleSeconds: 0 });
      const claim = {
        workspaceId: workspace,
        id: job?.id ?? "",
        subject: ids.ada,
        payload: job?.payload,
        attempt: 2,
        fence: 1,
      };
      const ended = await handler(claim, new AbortController().signal).catch((thrown: unknown) => thrown);
      expect(ended instanceof Error ? ended.message : "killed").toBe("killed");
      return ended === undefined;
    };
    let deaths = 0;
    for (let most = 0; !(await run(most)); most += 3) deaths += 1;
    expect(deaths).toBeGreaterThan(5);
    await writeDue(database, silentLogger, new AbortController().signal);
    expect(await traces()).toEqual([]);
  });

  test("N10 what runs for them is stopped, their streams are cut and their token makes somebody new", async () => {
    const own = await start("ada");
    const stream = await web.ask("/v1/chat", {
      token: tokens.ada,
      body: { conversationId: own, message: { text: `${marker} and hang` } },
    });
    const frames = framesOf(stream)[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => (await frames.next()).value;
    await until(async () => textOf(await next())?.includes("text-delta"));
    expect((await erase("boss")).status).toBe(202);
    // nothing would end this answer by itself
    await until(async () => (await frames.next()).done === true, 30);
    loop.start();
    await done();
    expect(await exec(sql`select 1 from completion where conversation_id = ${own}`)).toEqual([]);
    // as a host does that still knows them: somebody new, who has nothing
    const again = await json<{ userId: string }>("ada", "/v1/me");
    expect(again.userId).not.toBe(ids.ada);
    expect((await json<{ data: unknown[] }>("ada", "/v1/conversations")).data).toEqual([]);
  });

  test("N10 an only owner is not erased while others are there, unless somebody follows; alone, the workspace goes as well", async () => {
    const refused = await erase("boss", ids.boss);
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: "conflict", detail: expect.stringContaining("successor") },
    ]);
    expect((await erase("boss", ids.boss, `?successorId=${createId()}`)).status).toBe(409);
    expect(await exec(sql`select 1 from "user" where erased_at is not null`)).toEqual([]);
    expect((await erase("ada", ids.boss)).status).toBe(403);
    expect((await erase("bob", ids.ada)).status).toBe(403);
    expect((await erase("boss", ids.boss, `?successorId=${ids.bob}`)).status).toBe(202);
    loop.start();
    await done();
    expect(
      await exec(sql`select user_id, role from member where workspace_id = ${workspace} and role = 'owner'`),
    ).toEqual([{ user_id: ids.bob, role: "owner" }]);
    tokens.bob = await tokenFor({ subject: `bob-${workspace}`, workspace, role: "owner" });
    expect((await erase("bob")).status).toBe(202);
    expect((await erase("bob", ids.bob)).status).toBe(202);
    await done(3);
    expect(await exec(sql`select 1 from workspace where id = ${workspace}`)).toEqual([]);
  });

  test("N10 whoever is in another workspace stays there, as they are", async () => {
    const elsewhere = createId();
    const there = await tokenFor({ subject: marker, workspace: elsewhere, role: "owner" });
    const kept = await web.ask("/v1/conversations", { token: there, body: { title: "kept elsewhere" } });
    const { id } = (await kept.json()) as { id: string };
    await start("ada", { title: marker });
    expect(await (await erase("boss")).json()).toMatchObject({ isGone: false });
    loop.start();
    await done();
    expect(await exec(sql`select id, title from conversation where owner_id = ${ids.ada}`)).toEqual([
      { id, title: "kept elsewhere" },
    ]);
    expect((await web.ask(`/v1/conversations/${id}`, { token: there })).status).toBe(200);
    expect(await exec(sql`select subject from "user" where id = ${ids.ada}`)).toEqual([{ subject: marker }]);
  });

  test("N10 the audit log is changed by nothing else", async () => {
    await live();
    const row = sql`workspace_id = ${workspace} and actor_id = ${ids.ada}`;
    await expect(exec(sql`update audit set ip = null where ${row}`)).rejects.toThrow("append-only");
    await expect(
      database.transaction(async () => {
        await exec(sql`select set_config('natter.erasing', ${ids.ada}, true)`);
        await exec(
          sql`update audit set ip = null, request_id = null, details = details - 'name', action = 'nothing' where ${row}`,
        );
      }),
    ).rejects.toThrow("append-only");
    await expect(
      database.transaction(async () => {
        await exec(sql`select set_config('natter.erasing', ${ids.bob}, true)`);
        await exec(sql`update audit set ip = null, request_id = null, details = details - 'name' where ${row}`);
      }),
    ).rejects.toThrow("append-only");
    await expect(exec(sql`delete from audit`)).rejects.toThrow("append-only");
  });
});
