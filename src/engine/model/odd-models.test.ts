import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { getCompletion } from "../../completions/read.ts";
import { getMessage } from "../../conversations/messages.ts";
import { send } from "../../conversations/sending/send.ts";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import { readAsAiSdk } from "../../testing/providers/read-as-ai-sdk.ts";
import { callTool, createScriptedModel, say, type ModelScript } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";
import type { Worker } from "../worker.ts";

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(testDatabases.slice(0, 1))("a model that does not keep to the rules, on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let script: ModelScript = () => [];
  const started: number[] = [];

  beforeAll(async () => {
    database = await open();
    const note = tool({
      inputSchema: z.object({ n: z.number() }),
      execute: ({ n }) => {
        started.push(n);
        return n;
      },
    });
    spine = await createSpine({
      database,
      model: createScriptedModel((call, number) => script(call, number)),
      agents: { default: { tools: { note } } },
    });
    worker = spine.worker();
    await worker.start();
  });

  afterAll(async () => {
    await worker.drain(1);
    await spine.close();
    await database.close();
  });

  /** The stored parts of its answer, after checking that AI SDK reads the same from the log. */
  const answer = async (next: ModelScript): Promise<readonly Part[]> => {
    script = next;
    started.length = 0;
    const accepted = await send(spine.context, spine.principal, { message: { parts: text("go") } }, permitAll);
    await until(async () => {
      const { timing } = await getCompletion(database, spine.principal, accepted.completionId, permitAll);
      return timing.finishedAt !== null;
    });
    const { chunks } = await until(async () => {
      const log = await readLog(spine.log, accepted.completionId).catch(() => null);
      return log?.ended && log;
    });
    const { parts } = await getMessage(database, spine.principal, accepted, permitAll);
    expect(plain(await readAsAiSdk(chunks))).toEqual(plain(parts));
    return parts;
  };

  const thenDone =
    (...first: ReturnType<ModelScript>): ModelScript =>
    (call) =>
      call.messages.some(({ role }) => role === "tool") ? [say("done")] : first;

  it("may leave the input of a call unfinished, in the last step", async () => {
    const parts = await answer(
      thenDone(say("I call"), { emit: [{ type: "tool-input", callId: "open", tool: "note", delta: '{"n":' }] }),
    );
    expect(parts.at(-1)).toMatchObject({ type: "tool-note", toolCallId: "open", state: "output-error" });
    expect(started).toEqual([]);
  });

  it("may leave the input of a call unfinished, in a step with another call", async () => {
    const parts = await answer(
      thenDone(
        { emit: [{ type: "tool-input", callId: "open", tool: "note", delta: '{"n":' }] },
        callTool("whole", "note", { n: 1 }),
      ),
    );
    expect(parts).toMatchObject([
      { type: "step-start" },
      { type: "tool-note", toolCallId: "open", state: "output-error" },
      { type: "tool-note", toolCallId: "whole", state: "output-available", output: 1 },
      { type: "step-start" },
      { type: "text", text: "done" },
    ]);
    expect(started).toEqual([1]);
  });

  it("may give two calls one id: each runs once and has its own result", async () => {
    const parts = await answer(thenDone(callTool("same", "note", { n: 1 }), callTool("same", "note", { n: 2 })));
    expect(new Set(started)).toEqual(new Set([1, 2]));
    expect(started).toHaveLength(2);
    const calls = parts.filter(({ type }) => type === "tool-note");
    expect(calls).toMatchObject([
      { state: "output-available", input: { n: 1 }, output: 1 },
      { state: "output-available", input: { n: 2 }, output: 2 },
    ]);
  });

  it("may use the ids of an earlier step again", async () => {
    let calls = 0;
    const parts = await answer(() => ((calls += 1) < 3 ? [callTool("call_0", "note", { n: calls })] : [say("done")]));
    const ran = parts.flatMap((part) => (part.type === "tool-note" && "output" in part ? [part] : []));
    expect(ran.map(({ output }) => output)).toEqual([1, 2]);
    expect(new Set(ran.map(({ toolCallId }) => toolCallId)).size).toBe(2);
    expect(started).toEqual([1, 2]);
  });
});
