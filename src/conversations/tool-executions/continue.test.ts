import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { listCompletions } from "../../completions/read.ts";
import type { Database } from "../../ports/database.ts";
import type { BackgroundJob } from "../../protocol/agent/tool.ts";
import { createBackgroundWorld, resultsIn, type BackgroundWorld } from "../../testing/background-world.ts";
import { permitAll, until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";
import { change } from "../change.ts";
import { listMessages } from "../messages.ts";
import { regenerate } from "../sending/regenerate.ts";
import { remove, restore } from "../remove.ts";
import { cancelToolExecution, retryToolExecution } from "./change.ts";

describe.each(testDatabases)("B5 a background tool whose result is gone on with, on $name", ({ open }) => {
  let database: Database;
  let world: BackgroundWorld;
  let gates: PromiseWithResolvers<unknown>[];

  beforeEach(async () => {
    database = await open();
    gates = [];
    const work = tool({
      inputSchema: z.object({ number: z.number() }),
      background: { onResult: "continue" },
      execute: (_input, _job: BackgroundJob) => {
        const gate = Promise.withResolvers<unknown>();
        gates.push(gate);
        return gate.promise;
      },
    });
    world = await createBackgroundWorld(database, work);
    await world.background();
  });
  afterEach(async () => {
    for (const { resolve } of gates) resolve("over");
    await world.close();
    await database.close();
  });

  const completionsOf = (conversationId: string) =>
    listCompletions(database, world.spine.principal, conversationId, permitAll);
  const branchOf = async (conversationId: string) =>
    (await listMessages(database, world.spine.principal, { conversationId, branch: "active", limit: 100 }, permitAll))
      .data;
  /** Nothing that could go on with a result is left. */
  const settled = () =>
    until(async () => (await database.query(sql`select 1 from job where kind = 'continue'`)).length === 0, 20);
  const started = async (count = 1) => {
    await until(async () => gates.length === count);
  };

  test("a completion begins by itself while nobody watches, paid by whoever started the tool", async () => {
    const { asked } = await world.start();
    await started();
    gates[0]?.resolve({ found: 42 });
    const [next] = await until(async () => {
      const completions = await completionsOf(asked.conversationId);
      return completions.length === 2 && completions[0]?.status === "completed" && completions;
    }, 20);
    expect(resultsIn(world.model.calls.at(-1))).toBe(1);
    const branch = await branchOf(asked.conversationId);
    expect(branch.map(({ role }) => role)).toEqual(["user", "assistant", "assistant"]);
    expect(branch[2]).toMatchObject({ completionId: next?.id, parentId: asked.messageId });
    expect(branch[2]?.parts[0]).toMatchObject({
      type: "data-natter-tool-result",
      data: { outcome: { data: { found: 42 } } },
    });
    const payers = await database.query(
      sql`select distinct user_id from usage where completion_id = ${next?.id ?? ""}`,
    );
    expect(payers).toEqual([{ user_id: world.spine.principal.userId }]);
  });

  test("two results at once are told in one answer", async () => {
    const asked = await world.ask("start 2");
    await started(2);
    for (const { resolve } of gates) resolve("done");
    await until(async () => (await completionsOf(asked.conversationId)).length === 2, 20);
    await settled();
    const [next] = await completionsOf(asked.conversationId);
    await world.ended({ completionId: next?.id ?? "" });
    await settled();
    const told = world.model.calls.slice(2).map(resultsIn);
    expect(told.at(-1)).toBe(2);
    expect(
      (await branchOf(asked.conversationId))
        .flatMap(({ parts }) => parts)
        .filter(({ type }) => type === "data-natter-tool-result"),
    ).toHaveLength(2);
  });

  test("a result that somebody's message was told already is not gone on with", async () => {
    const { asked } = await world.start();
    await started();
    // an answer that is at work holds the job back until it has claimed the result
    await database.query(sql`update job set due_at = now() + interval '1 hour' where kind = 'continue'`);
    await database.script(`create or replace function hold() returns trigger language plpgsql as
      'begin if new.kind = ''continue'' then new.due_at = now() + interval ''1 hour''; end if; return new; end'`);
    await database.script("create trigger hold before insert on job for each row execute function hold()");
    try {
      gates[0]?.resolve("done");
      await world.execution(({ status }) => status === "completed");
      await world.ask("and now", { conversationId: asked.conversationId });
    } finally {
      await database.script("drop trigger hold on job");
    }
    await database.query(sql`update job set due_at = now() where kind = 'continue'`);
    await settled();
    expect(await completionsOf(asked.conversationId)).toHaveLength(2);
    expect(resultsIn(world.model.calls.at(-1))).toBe(1);
  });

  test("nothing goes on in a branch that was left, nor in an archived conversation", async () => {
    const { spine } = world;
    const { asked } = await world.start();
    await started();
    const again = await regenerate(spine.context, spine.principal, { conversationId: asked.conversationId }, permitAll);
    await world.ended(again);
    await started(2);
    gates[0]?.resolve("of the branch that was left");
    await until(async () => (await world.executions()).some(({ status }) => status === "completed"));
    await settled();
    const { conversationId: id } = asked;
    await change(spine.context, spine.principal, { conversationId: id, change: { status: "archived" } }, permitAll);
    gates[1]?.resolve("of an archived conversation");
    await until(async () => (await world.executions()).every(({ status }) => status === "completed"));
    await settled();
    expect(await completionsOf(id)).toHaveLength(2);
  });

  test("F25 a result that arrives after its conversation was deleted is stored, and told after it was restored", async () => {
    const { spine } = world;
    const { asked } = await world.start();
    await started();
    await remove(spine.context, spine.principal, asked.conversationId, permitAll);
    gates[0]?.resolve("late");
    const row = await world.execution(({ status }) => status === "completed");
    expect(row.result).toEqual({ type: "completed", data: "late" });
    await settled();
    await restore(spine.context, spine.principal, asked.conversationId, permitAll);
    expect(await completionsOf(asked.conversationId)).toHaveLength(1);
    await world.ask("and now", { conversationId: asked.conversationId });
    expect(resultsIn(world.model.calls.at(-1))).toBe(1);
  });

  test("what a person cancels ends at once, is told to the next answer, and can be done again", async () => {
    const { spine } = world;
    const { asked, execution } = await world.start();
    await started();
    const cancelled = await cancelToolExecution(spine.context, spine.principal, execution.id, permitAll);
    expect(cancelled).toMatchObject({ status: "cancelled", outcome: { type: "failed" } });
    await world.ask("and now", { conversationId: asked.conversationId });
    expect(JSON.stringify(world.model.calls.at(-1)?.messages)).toContain("A person cancelled this call.");
    const retry = { id: execution.id, perUser: 5 };
    await retryToolExecution(spine.context, spine.principal, retry, permitAll);
    await expect(retryToolExecution(spine.context, spine.principal, retry, permitAll)).rejects.toMatchObject({
      code: "conflict",
    });
    await started(2);
    gates[0]?.resolve("of the round that was cancelled");
    gates[1]?.resolve("of the second round");
    await until(async () => (await completionsOf(asked.conversationId)).length === 3, 20);
    const [next] = await completionsOf(asked.conversationId);
    await world.ended({ completionId: next?.id ?? "" });
    const prompt = world.model.calls.at(-1);
    expect(resultsIn(prompt)).toBe(2);
    expect(JSON.stringify(prompt?.messages)).toContain("of the second round");
    expect(JSON.stringify(prompt?.messages)).not.toContain("of the round that was cancelled");
  });

  test("tools that go on with each other end after ten answers in a row", async () => {
    const { asked } = await world.start();
    await started();
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, parent_id, sequence, role)
      select workspace_id, conversation_id, id || '_' || n, case when n = 1 then id else id || '_' || (n - 1) end, 100 + n, 'assistant'
      from message, generate_series(1, 9) n where id = ${asked.messageId} order by n`);
    await database.query(
      sql`update conversation set active_leaf_id = ${`${asked.messageId}_9`} where id = ${asked.conversationId}`,
    );
    gates[0]?.resolve("done");
    await world.execution(({ status }) => status === "completed");
    await settled();
    expect(await completionsOf(asked.conversationId)).toHaveLength(1);
  });
});
