import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineAgent } from "../../agents/define-agent.ts";
import { send } from "../../conversations/sending/send.ts";
import { silentLogger, type Logger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { ContextProvider } from "../../protocol/agent/injected-context.ts";
import { callTool, createScriptedModel, say, type ScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createContextSource } from "../../tools/context-source.ts";
import { tool } from "../../tools/tool.ts";
import type { Worker } from "../worker.ts";

describe("B3 what instructions and tools are given", () => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let model: ScriptedModel;
  const lines: object[] = [];
  const seen: unknown[] = [];

  const logger: Logger = { ...silentLogger, info: (fields, message) => lines.push({ ...fields, message }) };

  const look = tool({
    inputSchema: z.object({ word: z.string() }),
    approval: (_input, { context }) => context.user.id === "nobody",
    execute: async ({ word }, { context, completionId }) => {
      context.logger.info({ word }, "looked");
      seen.push(context["orders"], context.completion.id === completionId);
      await context.database.update("words", (words) => [...(Array.isArray(words) ? words : []), word]);
      return { words: await context.database.get("words") };
    },
  });

  const support = defineAgent({
    instructions: async ({ context, agent, settings, completion, conversationId }) =>
      [
        `Help ${context.user.name} of ${context.workspace.name} in ${agent}.`,
        `Orders: ${String(context["orders"])}. ${settings.temperature}`,
        `${completion.id === context.completion.id && context.conversation.id === conversationId}`,
      ].join(" "),
    tools: { look },
  });

  const start = async (context?: ContextProvider): Promise<void> => {
    worker = spine.worker({ contexts: createContextSource({ database, logger, context }) });
    await worker.start();
  };

  beforeEach(async () => {
    database = await testDatabases[0]!.open();
    model = createScriptedModel((_call, number) =>
      number % 2 === 1 ? callTool(`call-${number}`, "look", { word: `w${number}` }) : say("done"),
    );
    spine = await createSpine({ database, model, agents: { support } });
    await database.query(sql`update "user" set name = 'Ada', email = 'ada@example.org'`);
    await database.query(sql`update workspace set name = 'Engines'`);
    lines.length = 0;
    seen.length = 0;
  });
  afterEach(async () => {
    await worker.drain(1);
    await spine.close();
    await database.close();
  });

  const ask = async (conversationId?: string) => {
    const input = { conversationId, message: { parts: text("go") }, settings: { temperature: 1 } };
    const accepted = await send(spine.context, spine.principal, input, permitAll);
    const row = await until(async () => {
      const [found] = await database.query<{ status: string; error: { code: string; message: string } | null }>(
        sql`select status, error from completion where id = ${accepted.completionId}`,
      );
      return found?.status === "completed" || found?.status === "failed" ? found : undefined;
    });
    return { ...accepted, ...row };
  };

  test("is Natter's part and the application's: who asks, where, a logger, a database, and what it injects", async () => {
    await start({ orders: "the shop" });
    const { conversationId, completionId } = await ask();
    expect(model.calls[0]?.instructions).toBe("Help Ada of Engines in support. Orders: the shop. 1 true");
    expect(seen).toEqual(["the shop", true]);
    expect(lines).toMatchObject([{ message: "looked", word: "w1", conversationId, completionId }]);
    await ask(conversationId);
    expect(JSON.stringify(model.calls.at(-1)?.messages)).toContain('{"words":["w1","w3"]}');
  });

  test("may be made for each completion, from Natter's part, and can't take that part's place", async () => {
    const made: string[] = [];
    await start(async ({ user, completion }) => {
      made.push(completion.id);
      return { orders: `orders of ${user.email}`, user: "somebody else", database: "another" };
    });
    const { completionId } = await ask();
    expect(model.calls[0]?.instructions).toContain(
      "Help Ada of Engines in support. Orders: orders of ada@example.org.",
    );
    expect(made).toEqual([completionId]);
  });

  test("S33 that can't be made ends the completion in words that say nothing of why", async () => {
    await start(() => {
      throw new Error("connection to postgres://secret failed");
    });
    const { status, error } = await ask();
    expect([status, error?.code]).toEqual(["failed", "internal"]);
    expect(error?.message).not.toContain("secret");
    expect(model.calls).toHaveLength(0);
  });
});
