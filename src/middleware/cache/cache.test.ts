import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createLayeredWeb, type LayeredWeb } from "../../testing/servers/layered-web.ts";
import {
  callTool,
  createScriptedModel,
  reason,
  say,
  type ModelScript,
} from "../../testing/providers/scripted-model.ts";
import { readStream, tokenFor } from "../../testing/servers/web.ts";
import { tool } from "../../tools/tool.ts";
import { cache } from "./cache.ts";

let natter: LayeredWeb;
afterEach(() => natter.close());

const numbered: ModelScript = (_call, number) => [
  reason("hm"),
  say(`answer ${number}, with 😀 and words enough to be cut`),
];

const mount = async (script: ModelScript = numbered, agents = {}) => {
  const model = createScriptedModel(script);
  natter = await createLayeredWeb({ model, agents: { default: {}, ...agents }, middleware: [cache()] });
  return model;
};

interface Line {
  readonly costMicros: number;
  readonly inputTokens: number;
  readonly cached: boolean;
}

describe("C4 cache", () => {
  test("the same question of the same user is answered again as a stream, at no cost, and the ledger says so", async () => {
    const model = await mount();
    const first = await natter.say("what is it?");
    const again = await natter.say("what is it?");
    expect(model.calls).toHaveLength(1);
    expect(again.text).toBe(first.text);
    expect(again.chunks.map(({ type }) => type)).toContain("reasoning-end");
    const usage = (await (await natter.ask("/v1/usage")).json()) as { data: Line[] };
    expect(usage.data.map(({ cached, costMicros, inputTokens }) => ({ cached, costMicros, inputTokens }))).toEqual([
      { cached: true, costMicros: 0, inputTokens: 0 },
      { cached: false, costMicros: expect.any(Number), inputTokens: 10 },
    ]);
  });

  test("another user, another workspace, another question and other settings are answered anew", async () => {
    const model = await mount();
    await natter.say("what is it?");
    const asOther = async (token: string) =>
      readStream(await natter.ask("/v1/chat", { token, body: { message: { text: "what is it?" } } }));
    await asOther(await tokenFor({ subject: "another" }));
    await asOther(await tokenFor({ subject: "somebody", workspace: "acme-workspace", role: "member" }));
    await natter.say("what is it??");
    await natter.say("what is it?", { settings: { temperature: 1 } });
    await natter.say("what is it?", { settings: { instructions: "Be brief." } });
    expect(model.calls).toHaveLength(6);
  });

  test("an answer that is asked for once more is made anew, and given from then on", async () => {
    const model = await mount();
    const first = await natter.say("what is it?");
    const start = first.chunks[0];
    if (start?.type !== "start") throw new Error("no start");
    const { conversationId, userMessageId } = z
      .object({ conversationId: z.string(), userMessageId: z.string() })
      .parse(start.messageMetadata);
    await natter.ask(`/v1/conversations/${conversationId}/completions`, { body: { messageId: userMessageId } });
    await model.called(2);
    await expect.poll(async () => (await natter.say("what is it?")).text).toContain("answer 2");
  });

  test("an answer that used a tool is not kept", async () => {
    const ran: unknown[] = [];
    const pay = tool({ inputSchema: z.object({}), execute: async (input) => ran.push(input) });
    const script: ModelScript = (call) =>
      call.messages.at(-1)?.role === "tool" ? [say("paid")] : [callTool("call", "pay", {})];
    await mount(script, { default: { tools: { pay } } });
    await natter.say("pay");
    await natter.say("pay");
    expect(ran).toHaveLength(2);
  });

  test("an answer that was cut off is not kept", async () => {
    const cut = await mount(() => [say("begin"), { end: { finishReason: "length" } }]);
    await natter.say("tell");
    await natter.say("tell");
    expect(cut.calls).toHaveLength(2);
  });

  test("a time that is none is refused at start", async () => {
    await mount();
    expect(() => cache({ ttl: 0 })).toThrow("cache(): ttl");
  });
});
