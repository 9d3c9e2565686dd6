import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineAgent } from "../../src/agents/define-agent.ts";
import { mountNatter, type MountedNatter } from "../../src/testing/servers/mounted-natter.ts";
import { callTool, createScriptedModel, say, type ScriptedModel } from "../../src/testing/providers/scripted-model.ts";
import { until } from "../../src/testing/spine.ts";
import { tool } from "../../src/tools/tool.ts";

const isSummaryCall = ({ instructions }: { instructions?: string }): boolean =>
  instructions?.includes("the memory of a conversation") === true;

const wordsOf = (value: unknown): string[] => JSON.stringify(value).match(/\b[qa]\d+\b/g) ?? [];

describe("B3 C7 an application that mounts Natter", { timeout: 120_000 }, () => {
  let mounted: MountedNatter;
  let model: ScriptedModel;

  afterEach(() => mounted.close());

  test("injects its own things, made for each completion, into instructions, tools and background tools", async () => {
    const told: unknown[] = [];
    const look = tool({
      inputSchema: z.object({}),
      execute: (_input, { context }) => {
        told.push(["inline", context["shop"], context.user.id === context.completion.userId]);
        return null;
      },
    });
    const report = tool({
      inputSchema: z.object({}),
      background: { onResult: "next" },
      execute: async (_input, { context }) => {
        await context.database.update("reports", (count) => (typeof count === "number" ? count : 0) + 1);
        told.push(["background", context["shop"], await context.database.get("reports")]);
        return null;
      },
    });
    model = createScriptedModel((_call, number) =>
      number === 1 ? [callTool("c1", "look", {}), callTool("c2", "report", {})] : say("done"),
    );
    mounted = await mountNatter({
      model,
      agents: {
        default: defineAgent({
          instructions: async ({ context }) => `You sell for ${String(context["shop"])}.`,
          tools: { look, report },
        }),
      },
      context: async ({ completion, workspace }) => ({
        shop: `${workspace.id === "" ? "none" : "the shop"} ${completion.model}`,
      }),
    });
    const { text } = await mounted.say("go");
    expect(text).toBe("done");
    await until(async () => told.length === 2, 30);
    expect(model.calls[0]?.instructions).toBe("You sell for the shop test/model.");
    expect(told).toContainEqual(["inline", "the shop test/model", true]);
    expect(told).toContainEqual(["background", "the shop test/model", 1]);
  });

  const talk = async (turns: number, options: object): Promise<void> => {
    model = createScriptedModel((call) => {
      const words = wordsOf(call.messages);
      return say(isSummaryCall(call) ? words.join(" ") : (words.at(-1) ?? "").replace("q", "a"));
    });
    mounted = await mountNatter({ model, ...options });
    for (let turn = 1; turn <= turns; turn += 1)
      expect((await mounted.say(`q${turn}`, { conversationId: "conversation-of-turns" })).text).toBe(`a${turn}`);
  };
  const summaryCalls = () => model.calls.filter(isSummaryCall);

  test("limits.contextMessages says how much a model is shown, and the rest is summarised", async () => {
    await talk(3, { limits: { contextMessages: 6 } });
    await until(async () => summaryCalls().length === 1, 30);
    expect(wordsOf(summaryCalls()[0]?.messages)).toEqual(["q1", "a1", "q2", "a2"]);
  });

  test("features.summary switches that off", async () => {
    await talk(5, { limits: { contextMessages: 6 }, features: { titles: false, summary: false } });
    expect(wordsOf(model.calls.at(-1)?.messages)).toEqual(["q3", "a3", "q4", "a4", "q5"]);
    await mounted.natter.close();
    expect(summaryCalls()).toEqual([]);
  });
});
