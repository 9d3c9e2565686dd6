import { afterAll, describe, expect, test } from "vitest";
import { getMessage } from "../../conversations/messages.ts";
import { getCompletion } from "../../completions/read.ts";
import { send } from "../../conversations/sending/send.ts";
import { NatterError } from "../../foundation/errors.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { createMemoryLimits } from "../../drivers/limits/limits-memory.ts";
import { createPipeline } from "../../middleware/pipeline.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import type { Middleware } from "../../protocol/agent/middleware.ts";
import {
  callTool,
  createScriptedModel,
  reason,
  say,
  type ModelScript,
} from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";
import { completed } from "../../tools/results.ts";
import { z } from "zod";

const [{ open } = { open: () => Promise.reject(new Error("no database")) }] = testDatabases;
const database = await open();
afterAll(() => database.close());

const noModels = {
  driver: () => createScriptedModel(() => []),
  priceOf: () => null,
  estimateTokens: (words: string) => words.length,
};

/** One answered message under this middleware. */
const answerUnder = async (middleware: readonly Middleware[], script: ModelScript) => {
  const model = createScriptedModel(script);
  const ran: unknown[] = [];
  const spend = tool({
    description: "Spends",
    inputSchema: z.object({ cents: z.number() }),
    execute: async (input) => completed(ran.push(input)),
  });
  const services = { database, limits: createMemoryLimits(), logger: silentLogger, models: noModels };
  const spine = await createSpine({
    database,
    model,
    agents: { default: { tools: { spend } } },
    engine: { middleware: createPipeline(middleware, services) },
  });
  const worker = spine.worker();
  await worker.start();
  const { context, principal } = spine;
  const accepted = await send(context, principal, { message: { parts: text("hello") } }, permitAll);
  const completion = await until(async () => {
    const found = await getCompletion(database, principal, accepted.completionId, permitAll);
    return found.status === "completed" || found.status === "failed" ? found : null;
  });
  await until(async () => (await readLog(spine.log, accepted.completionId)).ended);
  const { chunks } = await readLog(spine.log, accepted.completionId);
  const message = await getMessage(database, principal, accepted, permitAll);
  await worker.drain(1);
  await spine.close();
  return { completion, chunks, message, model, ran };
};

const shown = (chunks: readonly Chunk[]): string =>
  chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");

describe("C4: middleware around the answer", () => {
  test("completion and model layers surround each other in the order of the configuration", async () => {
    const trail: string[] = [];
    const named = (name: string): Middleware => ({
      name,
      async completion({ completion, messages }, next) {
        trail.push(`${name} completion in ${completion.model} ${messages.length}`);
        const end = await next();
        trail.push(`${name} completion out ${end.status}`);
        return end;
      },
      async model({ step }, next) {
        trail.push(`${name} model ${step} in`);
        const end = await next();
        trail.push(`${name} model ${step} out ${end.finishReason}`);
        return end;
      },
    });
    await answerUnder([named("a"), named("b")], () => [say("hi")]);
    expect(trail).toEqual([
      "a completion in test/model 1",
      "b completion in test/model 1",
      "a model 1 in",
      "b model 1 in",
      "b model 1 out stop",
      "a model 1 out stop",
      "b completion out completed",
      "a completion out completed",
    ]);
  });

  test("a model layer changes what is asked, answers by itself, and pays for what it says it used", async () => {
    const asks: Middleware = {
      name: "asks",
      model: (call, next) => next({ request: { ...call.request, instructions: "Be brief." } }),
    };
    const { model } = await answerUnder([asks], () => [say("hi")]);
    expect(model.calls[0]?.instructions).toBe("Be brief.");
    const answers: Middleware = {
      name: "answers",
      model: async ({ sink }) => {
        sink([{ type: "text", id: "0", delta: "by myself" }]);
        return { finishReason: "stop", usage: { inputTokens: 1, outputTokens: 2 } };
      },
    };
    const answered = await answerUnder([answers], () => [say("never")]);
    expect(answered.model.calls).toHaveLength(0);
    expect(shown(answered.chunks)).toBe("by myself");
    expect(answered.completion).toMatchObject({ status: "completed", usage: { inputTokens: 1, outputTokens: 2 } });
  });

  test("a chunk is changed, dropped or held back, and what is stored is what was shown", async () => {
    const held = new WeakMap<object, string>();
    const shout: Middleware = {
      name: "shout",
      chunk(chunk, call) {
        if (chunk.type.startsWith("reasoning")) return [];
        if (chunk.type === "text-delta") {
          held.set(call, (held.get(call) ?? "") + chunk.delta.toUpperCase());
          return [];
        }
        if (chunk.type !== "text-end") return [chunk];
        return [{ type: "text-delta", id: chunk.id, delta: `${held.get(call)}!` }, chunk];
      },
    };
    const { chunks, message } = await answerUnder([shout], () => [reason("hm"), say("he", "llo")]);
    expect(chunks.map(({ type }) => type)).toEqual([
      "start",
      "start-step",
      "text-start",
      "text-delta",
      "text-end",
      "finish-step",
      "finish",
    ]);
    expect(shown(chunks)).toBe("HELLO!");
    expect(message.parts).toEqual([{ type: "step-start" }, { type: "text", text: "HELLO!", state: "done" }]);
  });

  test("a call runs with the input that was shown, and not at all when its chunk was dropped", async () => {
    const script: ModelScript = (_call, number) =>
      number === 1 ? [callTool("one", "spend", { cents: 900 }), callTool("two", "spend", { cents: 5 })] : [say("done")];
    const cap: Middleware = {
      name: "cap",
      chunk(chunk) {
        if (!("toolCallId" in chunk)) return [chunk];
        if (chunk.toolCallId === "two" || chunk.type === "tool-input-delta") return [];
        return chunk.type === "tool-input-available" ? [{ ...chunk, input: { cents: 10 } }] : [chunk];
      },
    };
    const { ran, message } = await answerUnder([cap], script);
    expect(ran).toEqual([{ cents: 10 }]);
    expect(JSON.stringify(message.parts)).not.toContain("900");
    expect(message.parts.filter((part) => "toolCallId" in part)).toHaveLength(1);
  });

  test("what a chunk layer throws ends the answer at once: nothing after it is shown or stored", async () => {
    const refuse: Middleware = {
      name: "refuse",
      chunk(chunk) {
        if (chunk.type === "text-delta" && chunk.delta.includes("bad")) throw new NatterError("unprocessable", "No.");
        return [chunk];
      },
    };
    const { completion, chunks, message, model } = await answerUnder([refuse], () => [
      say("good ", "bad ", "after"),
      { hang: true },
    ]);
    expect(completion).toMatchObject({ status: "failed", error: { code: "unprocessable", message: "No." } });
    expect(shown(chunks)).toBe("good ");
    expect(chunks.at(-1)).toEqual({ type: "error", errorText: "No." });
    expect(message.parts.at(-1)).toEqual({ type: "text", text: "good ", state: "done" });
    expect(model.aborts).toBe(1);
  });

  test("N6 the ledger has what the provider was paid when a layer ends a call: nothing before it, all of it after", async () => {
    const no = () => new NatterError("unprocessable", "No.");
    const before: Middleware = { name: "before", model: () => Promise.reject(no()) };
    const never = await answerUnder([before], () => [say("never")]);
    expect(never.completion).toMatchObject({
      status: "failed",
      costMicros: 0,
      usage: { inputTokens: 0, outputTokens: 0, estimated: false },
    });
    const after: Middleware = {
      name: "after",
      model: async (_call, next) => {
        await next({ sink: () => {} });
        throw no();
      },
    };
    const paid = await answerUnder([after], () => [say("a", "b")]);
    expect(paid.completion).toMatchObject({
      status: "failed",
      costMicros: 30,
      usage: { inputTokens: 10, outputTokens: 2, estimated: false },
    });
    const free: Middleware = { name: "free", model: async () => ({ finishReason: "stop" }) };
    expect((await answerUnder([free], () => [])).completion).toMatchObject({ status: "completed", costMicros: 0 });
  });

  test("a layer that calls next twice fails the answer instead of saying everything twice", async () => {
    const twice: Middleware = {
      name: "twice",
      async model(_call, next) {
        await next();
        return next();
      },
    };
    const { completion, model } = await answerUnder([twice], () => [say("once")]);
    expect(completion.status).toBe("failed");
    expect(model.calls).toHaveLength(1);
  });
});
