import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../ports/database.ts";
import { createAgentStage, type AgentStage } from "../../testing/agent-stage.ts";
import { preparePydanticAi, startPythonAgent, type PythonAgent } from "../../testing/servers/python-agent.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { agUi } from "./ag-ui.ts";

const environment = await preparePydanticAi();
const [{ open }] = [testDatabases.at(-1) ?? testDatabases[0]!];

describe.skipIf(environment === null)("A3 a real PydanticAI agent over AG-UI", () => {
  let database: Database;
  let python: PythonAgent;
  let stage: AgentStage;
  beforeAll(async () => {
    [database, python] = await Promise.all([open(), startPythonAgent(environment ?? "")]);
  }, 90_000);
  beforeEach(async () => {
    const runner = agUi({ url: python.url });
    stage = await createAgentStage({ database, agents: { default: { runner } } });
  });
  afterEach(() => stage.close());
  afterAll(async () => {
    await python.kill();
    await database.close();
  });

  it("streams its answer, and tells what its model used", async () => {
    const { completion, parts, chunks, usage } = await stage.ended(await stage.ask("hello"));
    expect(completion.error).toBeNull();
    expect(parts).toEqual([{ type: "step-start" }, { type: "text", text: "You said: hello", state: "done" }]);
    expect(chunks.filter(({ type }) => type === "text-delta").length).toBeGreaterThan(0);
    expect(usage).toHaveLength(1);
    expect(usage[0]).toMatchObject({ estimated: false });
    expect(usage[0]!.output).toBeGreaterThan(0);
  });

  it("calls a tool of its own, whose call and result are shown; the next question knows of both", async () => {
    const first = await stage.ask("add them");
    const { parts } = await stage.ended(first);
    expect(parts).toMatchObject([
      { type: "step-start" },
      { type: "tool-add", state: "output-available", input: { a: 2, b: 3 }, output: "5" },
      { type: "step-start" },
      { type: "text", text: "It gave 5." },
    ]);
    const second = await stage.ended(await stage.ask("thanks", { conversationId: first.conversationId }));
    expect(second.parts).toMatchObject([{ type: "step-start" }, { type: "text", text: "You said: thanks" }]);
  });

  it.each(["once", "deny"] as const)(
    "N5 waits for a person by an interrupt, also over a crash of the worker, and goes on: %s",
    async (decision) => {
      const sent = await stage.ask("refund it");
      const [approval, ...more] = await stage.asked(sent);
      expect([approval?.tool, approval?.input, more]).toEqual(["refund", { cents: 500 }, []]);
      await stage.crash();
      await stage.decide(approval!, decision, "that is the rule");
      const { completion, parts } = await stage.ended(sent);
      expect(completion).toMatchObject({ status: "completed", error: null });
      const call = parts.filter(({ type }) => type === "tool-refund");
      expect(call).toHaveLength(1);
      expect(call[0]).toMatchObject(
        decision === "once" ? { state: "output-available", input: { cents: 500 } } : { state: "output-denied" },
      );
      expect(JSON.stringify(parts.at(-1))).toContain(decision === "once" ? "500 cents, refund 1" : "that is the rule");
    },
  );

  it("D6 fails in words that are safe to show, and what was said is kept", async () => {
    const answer = await stage.ended(await stage.ask("fail now"));
    expect(answer.completion).toMatchObject({ status: "failed", error: { code: "provider_failed" } });
    expect(answer.parts).toMatchObject([{ type: "step-start" }, { type: "text", text: "Half an " }]);
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("is told as unreachable when it is not there", async () => {
    const gone = agUi({ url: "http://127.0.0.1:9/" });
    await stage.close();
    stage = await createAgentStage({ database, agents: { default: { runner: gone } } });
    const { completion } = await stage.ended(await stage.ask("hello"));
    expect(completion).toMatchObject({ status: "failed", error: { code: "provider_unreachable" } });
  });
});
