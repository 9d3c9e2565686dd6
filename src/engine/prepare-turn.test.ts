import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { getCompletion } from "../completions/read.ts";
import { send } from "../conversations/sending/send.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { ModelCall } from "../protocol/agent/model.ts";
import type { Settings } from "../protocol/settings.ts";
import { createScriptedModel, say, type ScriptedModel } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until, type Spine } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { tool } from "../tools/tool.ts";
import { estimateCall } from "./context/context.ts";
import type { Worker } from "./worker.ts";

const contextTokens = 4_000;
/** A hundred tokens by the spine's estimate. */
const hundred = "x".repeat(400);

describe("C7 what a model is sent", () => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let model: ScriptedModel;

  beforeEach(async () => {
    const instructions = "i".repeat(800);
    database = await testDatabases.at(-1)!.open();
    model = createScriptedModel(() => [say("ok")]);
    const lookUp = tool({
      description: "d".repeat(800),
      inputSchema: z.object({ word: z.string() }),
      execute: () => "",
    });
    spine = await createSpine({ database, model, agents: { default: { instructions, tools: { lookUp } } } });
    const { models } = spine.dependencies();
    worker = spine.worker({ models: { ...models, describe: () => ({ contextTokens, maxOutputTokens: 800 }) } });
    await worker.start();
  });
  afterEach(async () => {
    await worker.drain(1);
    await spine.close();
    await database.close();
  });

  const ask = async (conversationId: string, words: string, settings: Settings = {}): Promise<ModelCall> => {
    const message = { parts: text(words) };
    const { completionId } = await send(
      spine.context,
      spine.principal,
      { conversationId, message, settings },
      permitAll,
    );
    await until(
      async () => (await getCompletion(database, spine.principal, completionId, permitAll)).status === "completed",
    );
    return model.calls.at(-1)!;
  };

  test("fits into its context with the instructions, the tools and the longest answer", async () => {
    const conversationId = createId();
    let call: ModelCall | undefined;
    for (let turn = 0; turn < 40; turn += 1) call = await ask(conversationId, `${turn} ${hundred}`);
    const { models } = spine.dependencies();
    const sent = estimateCall(models, call!);
    expect(sent + 800).toBeLessThanOrEqual(contextTokens);
    // and the room is used: one more turn of some 106 tokens would not have fitted below the margin
    expect(sent + 800 + 400 + 106).toBeGreaterThan(contextTokens);
    expect(JSON.stringify(call?.messages.at(-1))).toContain("39 ");
    const shorter = await ask(conversationId, hundred, { maxOutputTokens: 100 });
    expect(shorter.messages.length).toBeGreaterThan(call!.messages.length);
  });
});
