import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { fromIterable, type Iterate } from "../../agents/from-iterable.ts";
import type { Database } from "../../ports/database.ts";
import type { RunnerCapabilities } from "../../protocol/agent/runner-capabilities.ts";
import { createAgentStage, type AgentStage } from "../../testing/agent-stage.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";

describe.each(testDatabases)("an agent that shows its work by itself, on $name", ({ open }) => {
  let database: Database;
  let stage: AgentStage;
  const started: string[] = [];
  const add = tool({
    inputSchema: z.object({ a: z.number() }),
    execute: ({ a }, { callId }) => {
      started.push(callId);
      return a + 1;
    },
  });
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => stage.close());
  afterAll(() => database.close());

  const play = async (iterate: Iterate, capabilities: Partial<RunnerCapabilities> = {}) => {
    const agents = { default: { tools: { add }, runner: fromIterable(iterate, { capabilities }) } };
    stage = await createAgentStage({ database, agents, model: createScriptedModel(() => [say("from ", "a model")]) });
    return stage.ask("go");
  };

  it("A3 says texts, tool calls and steps, which come to viewers and into the message", async () => {
    const sent = await play(async function* (turn) {
      yield "one ";
      yield "two";
      yield { type: "tool-input-available", toolCallId: "call", toolName: "add", input: { a: 1 } };
      const result = await turn.kit.callTool({ callId: "call", tool: "add", input: { a: 1 } });
      yield { type: "tool-output-available", toolCallId: "call", output: result?.outcome };
      yield { type: "finish-step" };
      yield "three";
    });
    const { completion, parts, chunks } = await stage.ended(sent);
    expect(completion).toMatchObject({ status: "completed", usage: { estimated: true } });
    expect(parts).toMatchObject([
      { type: "step-start" },
      { type: "text", text: "one two", state: "done" },
      { type: "tool-add", state: "output-available", output: { type: "completed", data: 2 } },
      { type: "step-start" },
      { type: "text", text: "three", state: "done" },
    ]);
    expect(started.splice(0)).toEqual(["call"]);
    const kinds = chunks.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
    expect(kinds.join(" ")).toBe(
      "start start-step text-start text-delta tool-input-available tool-output-available text-end finish-step start-step text-start text-delta text-end finish-step finish",
    );
  });

  it("S42 lets nothing out that AI SDK's clients could not read", async () => {
    const sent = await play(async function* () {
      yield { type: "start", messageId: "mine" };
      yield { type: "text-end", id: "never" };
      yield JSON.parse('{"type":"nonsense","x":1}');
      yield JSON.parse('{"type":"text-delta","id":"a"}');
      yield { type: "tool-output-available", toolCallId: "nobody", output: 1 };
      yield "good\u0000 \ud83d";
      yield "\ude00";
      yield { type: "data-place", data: { a: "\ud800" } };
      yield { type: "finish", finishReason: "stop" };
    });
    const { completion, parts, chunks } = await stage.ended(sent);
    expect(completion.status).toBe("completed");
    expect(parts).toEqual([
      { type: "step-start" },
      { type: "text", text: "good 😀", state: "done" },
      { type: "data-place", data: { a: "\ufffd" } },
    ]);
    expect(chunks.filter(({ type }) => type === "start")).toHaveLength(1);
    expect(chunks.filter(({ type }) => type === "finish")).toHaveLength(1);
  });

  it("N6 calls a model of the registry with a ledger entry of its own, and enters what it reports", async () => {
    const sent = await play(async function* (turn, signal) {
      const call = { model: turn.completion.model, messages: turn.messages, tools: [], settings: turn.settings };
      let said = "";
      await turn.kit.callModel(call, signal, (events) => {
        for (const event of events) if (event.type === "text") said += event.delta;
      });
      yield said;
      await turn.kit.report({ inputTokens: 7, outputTokens: 3 }, "test/other");
    });
    const { completion, parts, usage } = await stage.ended(sent);
    expect(parts).toMatchObject([{ type: "step-start" }, { type: "text", text: "from a model" }]);
    expect(usage).toEqual([
      { model: "test/model", input: 10, output: 2, estimated: false, cost: 30 },
      { model: "test/other", input: 7, output: 3, estimated: false, cost: 37 },
    ]);
    expect(completion).toMatchObject({ usage: { inputTokens: 17, outputTokens: 5, estimated: false }, costMicros: 67 });
  });

  it("D6 fails with a text that is safe to show, and keeps what was said", async () => {
    const sent = await play(async function* () {
      yield "half an";
      throw new Error("secret detail");
    });
    const { completion, parts, chunks } = await stage.ended(sent);
    expect(completion).toMatchObject({ status: "failed", error: { code: "internal" } });
    expect(JSON.stringify([completion, chunks])).not.toContain("secret");
    expect(parts).toMatchObject([{ type: "step-start" }, { type: "text", text: "half an", state: "done" }]);
  });

  it("F16 is stopped within a second, also when it does not listen", async () => {
    const sent = await play(async function* () {
      yield "before";
      await new Promise(() => {});
      yield "never";
    });
    await until(async () => (await stage.shown(sent)) === "before");
    const from = performance.now();
    await stage.cancel(sent);
    const { completion, parts } = await stage.ended(sent);
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(completion.status).toBe("cancelled");
    expect(parts).toMatchObject([{ type: "step-start" }, { type: "text", text: "before" }]);
  });

  it("N1 is told as interrupted after a crash when it can't go on, and what was said is kept", async () => {
    const sent = await play(async function* (turn) {
      yield "first";
      await turn.checkpoint();
      yield "second";
      await new Promise(() => {});
    });
    await until(async () => (await stage.shown(sent)) === "firstsecond");
    await stage.crash();
    const { completion, parts, chunks } = await stage.ended(sent);
    expect(completion).toMatchObject({ status: "failed", error: { code: "interrupted" } });
    expect(parts.flatMap((part) => (part.type === "text" ? [part.text] : []))).toEqual(["first", "second"]);
    expect(chunks.at(-1)).toMatchObject({ type: "error" });
  });

  it("N1 goes on from its checkpoint when it can; what was said after it is said again", async () => {
    let runs = 0;
    const sent = await play(
      async function* ({ kit: { checkpoints } }) {
        runs += 1;
        const before = await checkpoints.find("mine");
        if (before === undefined) {
          yield "one";
          const checkpoint = { namespace: "mine", id: "1", parentId: null, format: "text", state: "1", metadata: "" };
          await checkpoints.save(checkpoint);
        }
        yield "two";
        if (before === undefined) await new Promise(() => {});
        yield "three";
      },
      { resume: "node" },
    );
    await until(async () => (await stage.shown(sent)) === "onetwo");
    await stage.crash();
    const { completion, parts, chunks } = await stage.ended(sent);
    expect([completion.status, runs]).toEqual(["completed", 2]);
    expect(parts.flatMap((part) => (part.type === "text" ? [part.text] : []))).toEqual(["one", "twothree"]);
    expect(chunks.filter(({ type }) => type === "reset-step")).toHaveLength(1);
  });
});
