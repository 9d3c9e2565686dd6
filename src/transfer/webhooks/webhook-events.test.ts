import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { cancel } from "../../completions/cancel.ts";
import { append } from "../../conversations/sending/append.ts";
import { fork } from "../../conversations/fork.ts";
import { regenerate } from "../../conversations/sending/regenerate.ts";
import { send } from "../../conversations/sending/send.ts";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { startBackground } from "../../testing/background-world.ts";
import { callTool, createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { purgeWebhookEvents } from "../../store/webhook/delivery-rows.ts";
import { tool } from "../../tools/tool.ts";
import { failed } from "../../tools/results.ts";
import { webhookEventTypeSchema } from "../../protocol/webhook.ts";

const input = z.object({});
const tools = {
  works: tool({ description: "works", inputSchema: input, execute: () => "done" }),
  breaks: tool({ description: "breaks", inputSchema: input, execute: () => failed("no luck") }),
  asks: tool({ description: "asks", inputSchema: input, approval: true, execute: () => "done" }),
  later: tool({ description: "later", inputSchema: input, background: {}, execute: async () => "done later" }),
};

describe.each(testDatabases)("what is written down for webhooks on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;

  beforeEach(async () => {
    database = await open();
    const model = createScriptedModel((call) => {
      const last = call.messages.at(-1);
      const said = JSON.stringify(last?.content);
      if (last?.role !== "user") return [say("done")];
      const named = Object.keys(tools).find((name) => said.includes(name));
      if (said.includes("fails")) return [{ fail: new Error("no model") }];
      if (said.includes("hangs")) return [say("so"), { hang: true }];
      return named === undefined ? [say("an answer")] : [callTool(`call-${createId()}`, named, {})];
    });
    spine = await createSpine({ database, model, agents: { default: { tools } } });
    worker = spine.worker();
    await worker.start();
    await hook(spine.principal.workspaceId);
  });
  afterEach(async () => {
    await worker.drain(1);
    await spine.close();
    await database.close();
  });

  const hook = (workspaceId: string) =>
    database.query(sql`
      insert into webhook (workspace_id, id, url, events, secret)
      values (${workspaceId}, ${createId()}, 'https://example.com', ${JSON.stringify(webhookEventTypeSchema.options)}::jsonb, 'whsec_AAAA')`);
  const events = async (): Promise<{ type: string; facts: Record<string, string> }[]> =>
    database.query(sql`select type, facts from webhook_event order by created_at, type`);
  const types = async (): Promise<string[]> => (await events()).map(({ type }) => type).toSorted();
  const settle = (wanted: readonly string[]): Promise<string[]> =>
    until(async () => {
      const found = await types();
      return found.length >= wanted.length && found;
    }, 30);
  const ask = (words: string) => send(spine.context, spine.principal, { message: { parts: text(words) } }, permitAll);

  const usual = ["completion.started", "message.created", "message.created"];
  const cases = [
    ["an answer", ["completion.completed", ...usual]],
    ["fails", ["completion.failed", ...usual]],
    ["works", ["completion.completed", "tool.completed", ...usual]],
    ["breaks", ["completion.completed", "tool.failed", ...usual]],
    ["asks", ["completion.started", "completion.waiting", "message.created"]],
  ] as const;

  test.each(cases)("N10 %s", async (words, expected) => {
    await ask(words);
    const found = await settle(expected);
    expect(found).toEqual([...expected].toSorted());
    const [{ deliveries } = { deliveries: 0 }] = await database.query<{ deliveries: number }>(
      sql`select count(*)::int as deliveries from webhook_delivery`,
    );
    expect(deliveries).toBe(expected.length);
  });

  test("N10 a tool of the background, when it has ended", async () => {
    const background = await startBackground(spine);
    await ask("later");
    const found = await settle(["tool.completed", "completion.completed", ...usual]);
    expect(found).toContain("tool.completed");
    const told = (await events()).filter(({ type }) => type === "tool.completed");
    expect(told.map(({ facts }) => [facts["tool"], facts["kind"]])).toEqual([["later", "background"]]);
    await background.drain(1);
  });

  test("N10 an answer that is stopped, once, with what was shown of it", async () => {
    const accepted = await ask("hangs");
    await until(async () => (await types()).includes("completion.started"));
    await until(async () => (await spine.log.read(accepted.completionId, 0, 10_000))?.entries.length);
    await cancel(spine.context, spine.principal, accepted.completionId, permitAll);
    await settle(["completion.cancelled", ...usual]);
    await cancel(spine.context, spine.principal, accepted.completionId, permitAll);
    expect((await types()).filter((type) => type.startsWith("completion."))).toEqual([
      "completion.cancelled",
      "completion.started",
    ]);
  });

  test("N10 what is appended is told; copies are not, nor is a question that is answered again", async () => {
    const { conversationId, messageId } = await ask("an answer");
    await settle(["completion.completed", ...usual]);
    await fork(spine.context, spine.principal, { conversationId }, permitAll);
    expect(await types()).toHaveLength(4);
    const added = await append(
      spine.context,
      spine.principal,
      { conversationId, message: { parts: text("a note") } },
      permitAll,
    );
    const [last] = (await events()).slice(-1);
    expect(last).toEqual({ type: "message.created", facts: { conversationId, messageId: added.id } });
    await regenerate(spine.context, spine.principal, { conversationId, messageId }, permitAll);
    await until(async () => (await types()).filter((type) => type === "completion.completed").length === 2, 30);
    expect((await types()).filter((type) => type === "message.created")).toHaveLength(4);
  });

  test("N10 what is rolled back is not told, and what is old is forgotten", async () => {
    const refused = database.transaction(async () => {
      await ask("an answer");
      throw new Error("not so");
    });
    await expect(refused).rejects.toThrow("not so");
    expect(await types()).toEqual([]);
    await ask("an answer");
    await settle(["completion.completed", ...usual]);
    await database.query(
      sql`update webhook_event set created_at = now() - interval '31 days' where type = 'message.created'`,
    );
    await purgeWebhookEvents(database);
    expect(await types()).toEqual(["completion.completed", "completion.started"]);
    await database.query(sql`delete from conversation`);
    expect(await types()).toEqual([]);
    expect(await database.query(sql`select 1 from webhook_delivery`)).toEqual([]);
  });
});
