import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Part } from "../../src/protocol/message/chunk.ts";
import { isToolPart } from "../../src/protocol/message/fold.ts";
import { mountNatter, type MountedNatter } from "../../src/testing/servers/mounted-natter.ts";
import { preparePydanticAi } from "../../src/testing/servers/python-agent.ts";
import { fourQuestions, startFourFrameworks, type FourFrameworks } from "./four-frameworks.ts";

const environment = await preparePydanticAi();

describe.skipIf(environment === null)("A3 four frameworks in one conversation", () => {
  let four: FourFrameworks;
  let natter: MountedNatter;
  beforeAll(async () => {
    four = await startFourFrameworks(environment ?? "");
    natter = await mountNatter({ model: four.model, agents: four.agents });
  }, 120_000);
  afterAll(async () => {
    await natter?.close();
    await four?.close();
  });

  const read = async <Answer>(path: string, body?: unknown, method?: string): Promise<Answer> => {
    const given = { ...(body === undefined ? {} : { body }), ...(method === undefined ? {} : { method }) };
    return (await (await natter.ask(path, given)).json()) as Answer;
  };

  test("PydanticAI, LangGraph, an AI SDK agent and a generator answer one after another, each with a tool", async () => {
    let conversationId: string | undefined;
    const seen: [string, string, unknown][] = [];
    for (const [agent, { text }] of Object.entries(fourQuestions)) {
      const answer = await read<{ conversationId: string; message: { parts: Part[] } }>("/v1/chat", {
        ...(conversationId === undefined ? {} : { conversationId }),
        message: { text },
        agent,
        stream: false,
      });
      ({ conversationId } = answer);
      const call = answer.message.parts.find((part) => isToolPart(part));
      seen.push([agent, call?.type ?? "", call !== undefined && isToolPart(call) ? call.output : null]);
    }
    expect(seen).toEqual([
      ["python", "tool-add", "5"],
      ["graph", "tool-trains", ["R 12 to Ghent"]],
      ["sdk", "tool-trains", ["R 12 to Ghent"]],
      ["own", "tool-stock", 7],
    ]);
    const { data } = await read<{ data: { role: string }[] }>(`/v1/conversations/${conversationId}/messages`);
    expect(data.map(({ role }) => role)).toEqual(Array.from({ length: 4 }, () => ["user", "assistant"]).flat());
    const told = JSON.stringify(four.model.calls.at(-1)?.messages);
    expect(told).toContain("add them");
    expect(told).toContain("R 12 to Ghent");
  }, 60_000);

  test("the agent is chosen for a conversation too, and each tells what it can promise", async () => {
    const { id } = await read<{ id: string }>("/v1/conversations", { agent: "python" });
    const asked = { conversationId: id, message: { text: "hello" }, stream: false };
    const first = await read<{ message: { parts: Part[] } }>("/v1/chat", asked);
    expect(JSON.stringify(first.message.parts)).toContain("You said: hello");
    await read(`/v1/conversations/${id}`, { agent: "own" }, "PATCH");
    const second = await read<{ message: { parts: Part[] } }>("/v1/chat", asked);
    expect(JSON.stringify(second.message.parts)).toContain("Name an article");
    const { data } = await read<{ data: { id: string; runner: string; capabilities: object }[] }>("/v1/agents");
    expect(data.map(({ id: agent, runner, capabilities }) => [agent, runner, capabilities])).toEqual([
      ["python", "agUi", capabilitiesOf("none", "none", "none", "reported", "interrupts")],
      ["graph", "langgraph", capabilitiesOf("node", "own", "registry", "reported", "interrupts")],
      ["sdk", "aiSdk", capabilitiesOf("none", "own", "registry", "reported", "tools")],
      ["own", "stock", capabilitiesOf("none", "own", "registry", "reported", "none")],
    ]);
  }, 60_000);
});

const capabilitiesOf = (...[resume, toolsAtMostOnce, modelMiddleware, usage, approval]: readonly string[]) => ({
  resume,
  toolsAtMostOnce,
  modelMiddleware,
  usage,
  approval,
});
