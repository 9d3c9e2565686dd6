import { tool as sdkTool, ToolLoopAgent } from "ai";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Database } from "../../ports/database.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import { createAgentStage, type AgentStage, type Answer } from "../../testing/agent-stage.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { aiSdk } from "./ai-sdk.ts";
import type { StreamPart } from "./registry-call.ts";

const usage = {
  inputTokens: { total: 10, noCache: 8, cacheRead: 2, cacheWrite: undefined },
  outputTokens: { total: 4, text: 4, reasoning: undefined },
};

/** A model of AI SDK's own: it calls `act` once, then says that it is done. */
const createOwnModel = () =>
  new MockLanguageModelV4({
    provider: "house.chat",
    modelId: "small",
    doStream: async ({ prompt }) => ({
      stream: simulateReadableStream<StreamPart>({
        chunks:
          prompt.at(-1)?.role === "tool"
            ? [
                { type: "text-start", id: "t" },
                { type: "text-delta", id: "t", delta: "done" },
                { type: "text-end", id: "t" },
                { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage },
              ]
            : [
                { type: "tool-call", toolCallId: "act-1", toolName: "act", input: '{"n":1}' },
                { type: "finish", finishReason: { unified: "tool-calls", raw: "tool_calls" }, usage },
              ],
      }),
    }),
  });

describe.each(testDatabases)("A3 an AI SDK agent with model and tools of its own, on $name", ({ open }) => {
  let database: Database;
  let stage: AgentStage;
  let ran = 0;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => stage.close());
  afterAll(() => database.close());

  const begin = async (execute: () => unknown, asks: boolean) => {
    ran = 0;
    const act = sdkTool({
      inputSchema: z.object({ n: z.number() }),
      execute: () => {
        ran += 1;
        return execute();
      },
    });
    const agent = new ToolLoopAgent({
      model: createOwnModel(),
      tools: { act },
      ...(asks ? { toolApproval: { act: "user-approval" as const } } : {}),
    });
    stage = await createAgentStage({ database, agents: { default: { runner: aiSdk(agent) } } });
    return stage.ask("go");
  };
  const ended = (sent: Parameters<AgentStage["ended"]>[0]): Promise<Answer> => stage.ended(sent);
  const call = ({ parts }: Answer) => parts.find((part) => isToolPart(part));

  it("N6 has its usage in the ledger as the model reported it, under the model's own name", async () => {
    const answer = await ended(await begin(() => ({ ok: true }), false));
    expect(answer.completion).toMatchObject({ status: "completed", error: null });
    expect(call(answer)).toMatchObject({ state: "output-available", output: { ok: true } });
    expect(answer.usage).toMatchObject([
      { model: "house/small", input: 10, output: 4, estimated: false },
      { model: "house/small", input: 10, output: 4, estimated: false },
    ]);
  });

  it("D6 what a tool of its own throws is not shown", async () => {
    const answer = await ended(
      await begin(() => {
        throw new Error("secret detail");
      }, false),
    );
    expect(answer.completion.status).toBe("completed");
    expect(call(answer)).toMatchObject({ state: "output-error", errorText: "The tool failed." });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it.each(["once", "deny"] as const)("N5 its own approvals wait for a person, over a crash: %s", async (decision) => {
    const sent = await begin(() => ({ ok: true }), true);
    const [approval] = await stage.asked(sent);
    expect([approval?.tool, approval?.input, ran]).toEqual(["act", { n: 1 }, 0]);
    await stage.crash();
    await stage.decide(approval!, decision);
    const answer = await stage.ended(sent);
    expect(answer.completion).toMatchObject({ status: "completed", error: null });
    expect(ran).toBe(decision === "once" ? 1 : 0);
    expect(call(answer)).toMatchObject({ state: decision === "once" ? "output-available" : "output-denied" });
    expect(answer.parts.at(-1)).toMatchObject({ type: "text", text: "done" });
  });
});
