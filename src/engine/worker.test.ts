import { readUIMessageStream, type UIMessage } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { cancel } from "../completions/cancel.ts";
import { getCompletion } from "../completions/read.ts";
import { getMessage } from "../conversations/messages.ts";
import { edit } from "../conversations/sending/edit.ts";
import { regenerate } from "../conversations/sending/regenerate.ts";
import { send } from "../conversations/sending/send.ts";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import type { Chunk } from "../protocol/message/chunk.ts";
import { callTool, createScriptedModel, reason, say, type ScriptedModel } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until, type Spine } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { tool } from "../tools/tool.ts";
import type { Worker } from "./worker.ts";

const readWithAiSdk = async (chunks: readonly Chunk[]): Promise<UIMessage | undefined> => {
  let message: UIMessage | undefined;
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for await (const next of readUIMessageStream({ stream, onError: () => {} })) message = next;
  return message;
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(testDatabases)("a worker on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let model: ScriptedModel;
  let script: Parameters<typeof createScriptedModel>[0] = () => [];
  const started: string[] = [];

  beforeAll(async () => {
    database = await open();
    model = createScriptedModel((call, number) => script(call, number));
    const add = tool({
      description: "Adds",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: ({ a, b }, { callId }) => {
        started.push(callId);
        return a + b;
      },
    });
    const explode = tool({
      inputSchema: z.object({}),
      execute: () => {
        throw new Error("secret detail");
      },
    });
    spine = await createSpine({ database, model, agents: { default: { tools: { add, explode } } } });
    worker = spine.worker();
    await worker.start();
  });

  afterAll(async () => {
    await worker.drain(1);
    await spine.close();
    await database.close();
  });

  const ask = (words: string, options: object = {}) =>
    send(spine.context, spine.principal, { message: { parts: text(words) }, ...options }, permitAll);

  const ended = (completionId: string) =>
    until(async () => {
      const completion = await getCompletion(database, spine.principal, completionId, permitAll);
      return ["completed", "failed", "cancelled"].includes(completion.status) && completion;
    });

  const endedLog = (completionId: string) =>
    until(async () => {
      const log = await readLog(spine.log, completionId).catch(() => null);
      return log?.ended && log.chunks;
    });

  it("B1 D2 answers a message: the stored parts, the log and AI SDK's reading of it agree", async () => {
    script = () => [reason("let me ", "see"), say("Hello", " world")];
    const accepted = await ask("hi");
    const completion = await ended(accepted.completionId);
    expect(completion).toMatchObject({
      status: "completed",
      error: null,
      usage: { inputTokens: 10, outputTokens: 4 },
      costMicros: 50,
    });
    const message = await getMessage(
      database,
      spine.principal,
      { conversationId: accepted.conversationId, messageId: accepted.messageId },
      permitAll,
    );
    expect(message.parts).toEqual([
      { type: "step-start" },
      { type: "reasoning", id: "reasoning", text: "let me see", state: "done" },
      { type: "text", text: "Hello world", state: "done" },
    ]);
    const chunks = await endedLog(accepted.completionId);
    expect(chunks.at(0)).toMatchObject({
      type: "start",
      messageId: accepted.messageId,
      messageMetadata: { completionId: accepted.completionId, sequence: 2 },
    });
    expect(chunks.at(-1)).toEqual({ type: "finish", finishReason: "stop" });
    expect(plain((await readWithAiSdk(chunks))?.parts)).toEqual(plain(message.parts));
  });

  it("C6 runs the tools that the model asks for, once, and tells it their results", async () => {
    script = (call) =>
      call.messages.some(({ role }) => role === "tool")
        ? [say("It is 5")]
        : [say("Adding"), callTool("call-1", "add", { a: 2, b: 3 })];
    const accepted = await ask("add 2 and 3");
    expect(await ended(accepted.completionId)).toMatchObject({ status: "completed" });
    const message = await getMessage(
      database,
      spine.principal,
      { conversationId: accepted.conversationId, messageId: accepted.messageId },
      permitAll,
    );
    expect(message.parts).toEqual([
      { type: "step-start" },
      { type: "text", text: "Adding", state: "done" },
      { type: "tool-add", toolCallId: "call-1", state: "output-available", input: { a: 2, b: 3 }, output: 5 },
      { type: "step-start" },
      { type: "text", text: "It is 5", state: "done" },
    ]);
    expect(started).toEqual(["call-1"]);
    expect(model.calls.at(-1)?.messages.at(-1)).toEqual({
      role: "tool",
      content: [{ type: "tool-result", toolCallId: "call-1", toolName: "add", output: { type: "json", value: 5 } }],
    });
    const chunks = await endedLog(accepted.completionId);
    expect(plain((await readWithAiSdk(chunks))?.parts)).toEqual(plain(message.parts));
  });

  it("B4 B6 tells refused input, unknown tools and throws to the model in safe words", async () => {
    script = (call) =>
      call.messages.some(({ role }) => role === "tool")
        ? [say("sorry")]
        : [callTool("c1", "add", { a: "x" }), callTool("c2", "nope", {}), callTool("c3", "explode", {})];
    const accepted = await ask("break");
    await ended(accepted.completionId);
    const message = await getMessage(
      database,
      spine.principal,
      { conversationId: accepted.conversationId, messageId: accepted.messageId },
      permitAll,
    );
    const errors = message.parts.flatMap((part) => ("errorText" in part ? [part.errorText] : []));
    expect(errors).toEqual([
      expect.stringContaining("The input was refused: a:"),
      'There is no tool called "nope".',
      "The tool failed.",
    ]);
    expect(JSON.stringify(message)).not.toContain("secret");
  });

  it("B9 N3 cancels a silent model within a second and keeps what was shown", async () => {
    script = () => [say("partial"), { hang: true }];
    const accepted = await ask("hang");
    await until(async () =>
      (await readLog(spine.log, accepted.completionId).catch(() => null))?.chunks.some(
        (chunk) => chunk.type === "text-delta",
      ),
    );
    const before = performance.now();
    await cancel(spine.context, spine.principal, accepted.completionId, permitAll);
    const completion = await ended(accepted.completionId);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(completion).toMatchObject({ status: "cancelled", usage: { estimated: true, outputTokens: 2 } });
    const chunks = await endedLog(accepted.completionId);
    expect(chunks.slice(-3)).toEqual([
      { type: "text-end", id: "text" },
      { type: "abort" },
      { type: "finish", finishReason: "interrupted" },
    ]);
    expect(model.aborts).toBe(1);
  });

  it("D6 ends a failing model as failed, with the partial kept and a safe text", async () => {
    script = () => [
      say("half"),
      { fail: new NatterError("provider_busy", "The model is busy.", { cause: new Error("key sk-123") }) },
    ];
    const accepted = await ask("fail");
    expect(await ended(accepted.completionId)).toMatchObject({
      status: "failed",
      error: { code: "provider_busy", message: "The model is busy." },
    });
    const chunks = await endedLog(accepted.completionId);
    expect(chunks.at(-1)).toEqual({ type: "error", errorText: "The model is busy." });
    const message = await getMessage(
      database,
      spine.principal,
      { conversationId: accepted.conversationId, messageId: accepted.messageId },
      permitAll,
    );
    expect(plain((await readWithAiSdk(chunks))?.parts)).toEqual(plain(message.parts));
  });

  it("N4 works on waiting sends one after another, each under the answer before it", async () => {
    script = (call) => [say(`re: ${JSON.stringify(call.messages.at(-1)?.content)}`)];
    const first = await ask("one");
    const rest = [];
    for (const words of ["two", "three"]) rest.push(await ask(words, { conversationId: first.conversationId }));
    await ended(rest[1]!.completionId);
    const parents = await Promise.all(
      [first, ...rest].map(
        async ({ conversationId, userMessageId }) =>
          (await getMessage(database, spine.principal, { conversationId, messageId: userMessageId! }, permitAll))
            .parentId,
      ),
    );
    expect(parents).toEqual([null, first.messageId, rest[0]!.messageId]);
    expect(model.calls.at(-1)?.messages).toHaveLength(5);
  });

  it("N4 an edit of an idle conversation is answered: nobody is interrupted by an interrupt that met nobody", async () => {
    script = () => [say("an answer")];
    const first = await ask("one");
    await ended(first.completionId);
    const input = { conversationId: first.conversationId, messageId: first.userMessageId!, parts: text("uno") };
    const edited = await edit(spine.context, spine.principal, input, permitAll);
    expect(await ended(edited.completionId)).toMatchObject({ status: "completed" });
    const again = { conversationId: first.conversationId, messageId: edited.messageId };
    const regenerated = await regenerate(spine.context, spine.principal, again, permitAll);
    expect(await ended(regenerated.completionId)).toMatchObject({ status: "completed" });
  });

  it("B9 a cancel signal without a request in the row stops nobody", async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    script = () => [say("half"), { wait: released }, say(" and half")];
    const accepted = await ask("go on");
    await until(async () =>
      (await readLog(spine.log, accepted.completionId).catch(() => null))?.chunks.some(
        ({ type }) => type === "text-delta",
      ),
    );
    const { workspaceId, completionId } = accepted;
    spine.context.signals.publish("cancel", JSON.stringify({ workspaceId, completionId }));
    spine.context.signals.publish("cancel", "{}");
    release();
    expect(await ended(completionId)).toMatchObject({ status: "completed" });
  });
});
