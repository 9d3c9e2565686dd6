import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { END, interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Database } from "../../ports/database.ts";
import { createAgentStage, type AgentStage } from "../../testing/agent-stage.ts";
import { callTool, createScriptedModel, say, type ScriptedModel } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { failed } from "../../tools/results.ts";
import { tool } from "../../tools/tool.ts";
import { langgraph, type GraphKit } from "./langgraph.ts";

const wantsTools = ({ messages }: typeof MessagesAnnotation.State): "tools" | typeof END => {
  const last = messages.at(-1);
  return last instanceof AIMessage && (last.tool_calls?.length ?? 0) > 0 ? "tools" : END;
};

describe.each(testDatabases)("A3 a LangGraph graph on $name", ({ open }) => {
  let database: Database;
  let stage: AgentStage;
  let model: ScriptedModel;
  const started: string[] = [];
  const add = tool({
    description: "Adds",
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    execute: ({ a, b }, { callId }) => {
      started.push(callId);
      return a === 0 ? failed("Zero is not for adding.") : { sum: a + b };
    },
  });
  const tools = { add };

  /** Model and tools in turn, on a model of the registry. */
  const looping = ({ chatModel, tools: own }: GraphKit) =>
    new StateGraph(MessagesAnnotation)
      .addNode("agent", async ({ messages }) => ({ messages: [await chatModel().bindTools(own).invoke(messages)] }))
      .addNode("tools", new ToolNode(own))
      .addEdge(START, "agent")
      .addConditionalEdges("agent", wantsTools, ["tools", END])
      .addEdge("tools", "agent")
      .compile();

  beforeAll(async () => {
    database = await open();
  });
  afterEach(async () => {
    started.length = 0;
    await stage.close();
  });
  afterAll(() => database.close());

  it("streams, calls the agent's tools through the ledger, and pays for each call of a registry's model", async () => {
    model = createScriptedModel((call) =>
      call.messages.some(({ role }) => role === "tool")
        ? [say("It is ", "5")]
        : [say("Adding"), callTool("call-1", "add", { a: 2, b: 3 })],
    );
    stage = await createAgentStage({ database, model, agents: { default: { tools, runner: langgraph(looping) } } });
    const { completion, parts, usage } = await stage.ended(await stage.ask("add 2 and 3"));
    expect(completion.error).toBeNull();
    expect(parts).toEqual([
      { type: "step-start" },
      { type: "text", text: "Adding", state: "done" },
      { type: "tool-add", toolCallId: "call-1", state: "output-available", input: { a: 2, b: 3 }, output: { sum: 5 } },
      { type: "step-start" },
      { type: "text", text: "It is 5", state: "done" },
    ]);
    expect(started).toEqual(["call-1"]);
    expect(model.calls[0]?.tools).toMatchObject([{ name: "add", description: "Adds" }]);
    expect(model.calls[1]?.messages.at(-1)).toMatchObject({ role: "tool", content: [{ toolCallId: "call-1" }] });
    expect(usage.map(({ estimated, output }) => [estimated, output])).toEqual([
      [false, 3],
      [false, 2],
    ]);
  });

  it("shows what nodes return without a model, and keeps history and hidden models out of it", async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("quiet", async ({ messages }) => {
        await new FakeListChatModel({ responses: ["a thought"] }).invoke(messages, { tags: ["nostream"] });
        return {};
      })
      .addNode("own", async ({ messages }) => ({
        messages: [await new FakeListChatModel({ responses: ["from its own model"] }).invoke(messages)],
      }))
      .addNode("call", () => ({
        messages: [new AIMessage({ content: "", tool_calls: [{ id: "own-1", name: "look", args: { at: "it" } }] })],
      }))
      .addNode("result", () => ({ messages: [new ToolMessage({ content: "seen", tool_call_id: "own-1" })] }))
      .addEdge(START, "quiet")
      .addEdge("quiet", "own")
      .addEdge("own", "call")
      .addEdge("call", "result")
      .addEdge("result", END)
      .compile();
    stage = await createAgentStage({ database, agents: { default: { runner: langgraph(graph) } } });
    const first = await stage.ask("hi");
    const told = await stage.ended(first);
    expect(told.completion.error).toBeNull();
    const second = await stage.ended(await stage.ask("again", { conversationId: first.conversationId }));
    for (const { parts } of [told, second])
      expect(parts.filter(({ type }) => type !== "step-start")).toEqual([
        { type: "text", text: "from its own model", state: "done" },
        { type: "tool-look", toolCallId: "own-1", state: "output-available", input: { at: "it" }, output: "seen" },
      ]);
    expect(told.usage).toMatchObject([{ model: "langgraph/default", estimated: true, cost: expect.anything() }]);
  });

  it("N1 is killed between two nodes and goes on behind the first: no node that was done runs again, nothing is said twice", async () => {
    const ran: string[] = [];
    const reached = Promise.withResolvers<void>();
    const graph = ({ chatModel }: GraphKit) =>
      new StateGraph(MessagesAnnotation)
        .addNode("first", async ({ messages }) => {
          ran.push("first");
          return { messages: [await chatModel().invoke(messages)] };
        })
        .addNode("second", async ({ messages }) => {
          ran.push("second");
          if (ran.length === 2) {
            reached.resolve();
            await new Promise(() => {});
          }
          return { messages: [await chatModel().invoke(messages)] };
        })
        .addEdge(START, "first")
        .addEdge("first", "second")
        .addEdge("second", END)
        .compile();
    model = createScriptedModel((_call, number) => [say(`answer ${number} `)]);
    stage = await createAgentStage({ database, model, agents: { default: { runner: langgraph(graph) } } });
    const sent = await stage.ask("go");
    await reached.promise;
    await stage.crash();
    const { completion, parts, usage } = await stage.ended(sent);
    expect(completion).toMatchObject({ status: "completed", crashes: 0 });
    expect(ran).toEqual(["first", "second", "second"]);
    expect(parts.flatMap((part) => (part.type === "text" ? [part.text] : []))).toEqual(["answer 1 ", "answer 2 "]);
    expect(usage).toHaveLength(2);
  });

  it("N1 is killed inside a tool's node: a call that has begun is not begun again, its outcome is unknown", async () => {
    const inside = Promise.withResolvers<void>();
    const slow = tool({
      inputSchema: z.object({}),
      execute: async (_input, { callId }) => {
        started.push(callId);
        inside.resolve();
        await new Promise(() => {});
      },
    });
    model = createScriptedModel((call) =>
      call.messages.some(({ role }) => role === "tool") ? [say("so be it")] : [callTool("call-1", "slow", {})],
    );
    const agents = { default: { tools: { slow }, runner: langgraph(looping) } };
    stage = await createAgentStage({ database, model, agents });
    const sent = await stage.ask("go");
    await inside.promise;
    await stage.crash();
    const { completion, parts } = await stage.ended(sent);
    expect([completion.status, started]).toEqual(["completed", ["call-1"]]);
    expect(parts.find(({ type }) => type === "tool-slow")).toMatchObject({
      state: "output-error",
      errorText: expect.stringContaining("unknown"),
    });
    expect(model.calls).toHaveLength(2);
  });

  it("D6 a node's own error is not shown; too many steps say so", async () => {
    const throwing = new StateGraph(MessagesAnnotation)
      .addNode("bad", () => {
        throw new Error("secret detail");
      })
      .addEdge(START, "bad")
      .compile();
    model = createScriptedModel((_call, number) => [callTool(`call-${number}`, "add", { a: 0, b: number })]);
    const endless = { tools, runner: langgraph(looping), maxSteps: 2 };
    stage = await createAgentStage({
      database,
      model,
      agents: { default: endless, bad: { runner: langgraph(throwing) } },
    });
    const failed = await stage.ended(await stage.ask("go", { agent: "bad" }));
    expect(failed.completion).toMatchObject({ status: "failed", error: { code: "provider_failed" } });
    expect(JSON.stringify(failed)).not.toContain("secret");
    const limited = await stage.ended(await stage.ask("go"));
    expect(limited.completion).toMatchObject({ status: "failed", error: { code: "step_limit" } });
    expect(limited.parts[1]).toMatchObject({ state: "output-error", errorText: "Zero is not for adding." });
  });

  it("F16 is stopped while a model is silent; the model's call is aborted", async () => {
    model = createScriptedModel(() => [say("well"), { hang: true }]);
    stage = await createAgentStage({ database, model, agents: { default: { tools, runner: langgraph(looping) } } });
    const sent = await stage.ask("go");
    await until(async () => (await stage.shown(sent)) === "well");
    await stage.cancel(sent);
    const { completion, parts, usage } = await stage.ended(sent);
    expect([completion.status, model.aborts]).toEqual(["cancelled", 1]);
    expect(parts[1]).toMatchObject({ type: "text", text: "well" });
    expect(usage).toMatchObject([{ model: "test/model", estimated: true, output: 1 }]);
  });

  it.each(["once", "deny"] as const)(
    "N5 asks a person by interrupt(), waits without a worker also over a crash, and goes on: %s",
    async (decision) => {
      const answers: unknown[] = [];
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("before", () => ({ messages: [new AIMessage("let me ask")] }))
        .addNode("question", () => {
          answers.push(interrupt({ sum: 5 }));
          return {};
        })
        .addNode("after", () => ({ messages: [new AIMessage("so it is")] }))
        .addEdge(START, "before")
        .addEdge("before", "question")
        .addEdge("question", "after")
        .addEdge("after", END)
        .compile();
      stage = await createAgentStage({ database, agents: { default: { runner: langgraph(graph) } } });
      const sent = await stage.ask("go");
      const [approval, ...more] = await stage.asked(sent);
      expect([approval?.tool, approval?.input, more]).toEqual(["interrupt", { sum: 5 }, []]);
      await stage.crash();
      await stage.decide(approval!, decision, "because");
      const { completion, parts } = await stage.ended(sent);
      expect(completion.status).toBe("completed");
      expect(answers).toEqual([{ approved: decision === "once", reason: "because" }]);
      expect(parts.flatMap((part) => (part.type === "text" ? [part.text] : []))).toEqual(["let me ask", "so it is"]);
      const state = decision === "once" ? "output-available" : "output-denied";
      expect(parts.find(({ type }) => type === "tool-interrupt")).toMatchObject({ state, input: { sum: 5 } });
    },
  );

  it("N5 asks for two things one after another in the same node, each by a question of its own", async () => {
    const answers: unknown[] = [];
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("questions", () => {
        const first = interrupt({ n: 1 });
        const second = interrupt({ n: 2 });
        answers.push(first, second);
        return { messages: [new AIMessage("done")] };
      })
      .addEdge(START, "questions")
      .compile();
    stage = await createAgentStage({ database, agents: { default: { runner: langgraph(graph) } } });
    const sent = await stage.ask("go");
    const [first] = await stage.asked(sent);
    await stage.decide(first!, "once");
    const second = await until(async () => {
      const [open] = await stage.asked(sent);
      return open !== undefined && open.id !== first!.id && open;
    });
    expect([first!.input, second.input]).toEqual([{ n: 1 }, { n: 2 }]);
    await stage.decide(second, "deny");
    const { completion } = await stage.ended(sent);
    expect(completion.status).toBe("completed");
    expect(answers).toMatchObject([{ approved: true }, { approved: false }]);
  });

  it("N5 a tool of the agent that wants approval waits for it inside the graph, and runs once", async () => {
    const pay = tool({
      inputSchema: z.object({ cents: z.number() }),
      approval: true,
      execute: ({ cents }, { callId }) => {
        started.push(callId);
        return { paid: cents };
      },
    });
    model = createScriptedModel((call) =>
      call.messages.some(({ role }) => role === "tool") ? [say("paid")] : [callTool("call-1", "pay", { cents: 5 })],
    );
    stage = await createAgentStage({
      database,
      model,
      agents: { default: { tools: { pay }, runner: langgraph(looping) } },
    });
    const sent = await stage.ask("go");
    const [approval] = await stage.asked(sent);
    expect([approval?.tool, approval?.input, started]).toEqual(["pay", { cents: 5 }, []]);
    await stage.decide(approval!, "once");
    const { completion, parts } = await stage.ended(sent);
    expect([completion.status, started, model.calls.length]).toEqual(["completed", ["call-1"], 2]);
    expect(parts.find(({ type }) => type === "tool-pay")).toMatchObject({
      state: "output-available",
      output: { paid: 5 },
      approval: { approved: true },
    });
  });
});
