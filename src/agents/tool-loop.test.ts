import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ModelCall } from "../protocol/agent/model.ts";
import type { ToolCall, ToolResult } from "../protocol/agent/tool.ts";
import type { StoredStep, Turn } from "../protocol/agent/turn.ts";
import { completed } from "../tools/results.ts";
import { tool } from "../tools/tool.ts";
import { chat } from "./chat.ts";
import { createAgentDirectory } from "./define-agent.ts";
import { toolLoop } from "./tool-loop.ts";

const callOf = (callId: string): ToolCall => ({ callId, tool: "add", input: { a: 1 } });

const stepOf = (step: number, calls: readonly ToolCall[], results: readonly ToolResult[] = []): StoredStep => ({
  step,
  parts: [
    { type: "text", text: `said ${step}`, state: "done" },
    ...calls.map(
      ({ callId, input }) => ({ type: "tool-add", toolCallId: callId, state: "input-available", input }) as const,
    ),
  ],
  calls,
  results,
  end: { finishReason: calls.length > 0 ? "tool-calls" : "stop" },
});

/** A turn whose model asks for these calls, step by step. */
const turnOf = (
  script: readonly (readonly ToolCall[])[],
  { done = [] as StoredStep[], waitsAt = 0, maxSteps = 10 } = {},
) => {
  const add = tool({ description: "Adds", inputSchema: z.object({ a: z.number() }), execute: () => null });
  const agent = createAgentDirectory({ default: { tools: { add }, maxSteps } }).get("default")!;
  const steps = [...done];
  const asked: ModelCall[] = [];
  const executed: string[][] = [];
  const turn: Turn = {
    completion: { id: "c", workspaceId: "w", conversationId: "v", messageId: "m", userId: "u", model: "test/model" },
    agent,
    instructions: "be brief",
    messages: [{ role: "user", content: "go" }],
    settings: { temperature: 1 },
    steps,
    async model(call) {
      asked.push(call);
      const calls = script[asked.length - 1] ?? [];
      const step = stepOf(steps.length + 1, calls);
      steps.push(step);
      return { ...step.end, calls };
    },
    async execute(calls) {
      executed.push(calls.map(({ callId }) => callId));
      const results = calls.map((call) => ({ ...call, outcome: completed(call.callId) }));
      steps[steps.length - 1] = { ...steps.at(-1)!, results };
      return { waiting: executed.length === waitsAt, results };
    },
    checkpoint: async () => {},
    get kit(): Turn["kit"] {
      throw new Error("this runner borrows nothing");
    },
  };
  return { turn, asked, executed };
};

const run = (runner: ReturnType<typeof chat>, turn: Turn) => runner.run(turn, new AbortController().signal, () => {});

describe("C6 the tool loop", () => {
  it("asks the model, runs what it calls, and asks again with what was said and found", async () => {
    const { turn, asked, executed } = turnOf([[callOf("a"), callOf("b")], []]);
    expect(await run(toolLoop(), turn)).toEqual({ status: "completed", finishReason: "stop" });
    expect(executed).toEqual([["a", "b"]]);
    expect(asked[0]).toMatchObject({
      model: "test/model",
      instructions: "be brief",
      settings: { temperature: 1 },
      messages: [{ role: "user", content: "go" }],
      tools: [{ name: "add", description: "Adds", inputSchema: { type: "object" } }],
    });
    expect(asked[1]?.messages).toMatchObject([
      { role: "user" },
      {
        role: "assistant",
        content: [
          { type: "text", text: "said 1" },
          { type: "tool-call", toolCallId: "a" },
          { type: "tool-call", toolCallId: "b" },
        ],
      },
      { role: "tool", content: [{ toolCallId: "a", output: { value: "a" } }, { toolCallId: "b" }] },
    ]);
  });

  it("stops after the agent's steps, with the last calls answered", async () => {
    const { turn, asked, executed } = turnOf([[callOf("a")], [callOf("b")], [callOf("c")]], { maxSteps: 2 });
    expect(await run(toolLoop(), turn)).toEqual({ status: "completed", finishReason: "tool-calls" });
    expect([asked.length, executed]).toEqual([2, [["a"], ["b"]]]);
  });

  it("goes on after a crash where the rows end: a done step is not asked again, its missing results are run", async () => {
    const { turn, asked, executed } = turnOf([[]], { done: [stepOf(1, [callOf("a")])] });
    expect(await run(toolLoop(), turn)).toMatchObject({ status: "completed" });
    expect([asked.length, executed]).toEqual([1, [["a"]]]);
    const ended = turnOf([], { done: [stepOf(1, [])] });
    expect(await run(toolLoop(), ended.turn)).toEqual({ status: "completed", finishReason: "stop" });
    expect(ended.asked).toHaveLength(0);
    const limit = turnOf([], { done: [stepOf(1, [callOf("a")])], maxSteps: 1 });
    expect(await run(toolLoop(), limit.turn)).toEqual({ status: "completed", finishReason: "tool-calls" });
  });

  it("waits when a call does", async () => {
    const { turn, asked } = turnOf([[callOf("a")], []], { waitsAt: 1 });
    expect(await run(toolLoop(), turn)).toEqual({ status: "waiting" });
    expect(asked).toHaveLength(1);
  });
});

describe("A3 chat", () => {
  it("asks once, without tools, and not at all when that was done before a crash", async () => {
    const { turn, asked } = turnOf([[]]);
    expect(await run(chat(), turn)).toEqual({ status: "completed", finishReason: "stop" });
    expect(asked).toMatchObject([{ tools: [], messages: [{ role: "user" }] }]);
    const again = turnOf([], { done: [stepOf(1, [])] });
    expect(await run(chat(), again.turn)).toEqual({ status: "completed", finishReason: "stop" });
    expect(again.asked).toHaveLength(0);
  });
});
