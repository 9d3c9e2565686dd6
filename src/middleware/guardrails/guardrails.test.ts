import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { AgentDefinition } from "../../agents/define-agent.ts";
import type { ModelEvent } from "../../protocol/agent/model.ts";
import { createLayeredWeb, type LayeredWeb } from "../../testing/servers/layered-web.ts";
import {
  callTool,
  createScriptedModel,
  reason,
  say,
  type ModelScript,
} from "../../testing/providers/scripted-model.ts";
import { tool } from "../../tools/tool.ts";
import { guardrails, type GuardrailsOptions } from "./guardrails.ts";
import type { GuardRule } from "./rules.ts";

const mounted: LayeredWeb[] = [];
afterEach(async () => {
  await Promise.all(mounted.splice(0).map((natter) => natter.close()));
});

const mount = async (options: GuardrailsOptions, script: ModelScript, agent: AgentDefinition = {}) => {
  const model = createScriptedModel(script);
  const lines: object[] = [];
  const note = (fields: object): void => void lines.push(fields);
  const natter = await createLayeredWeb({
    model,
    agents: { default: agent },
    middleware: [guardrails(options)],
    logger: { debug: () => {}, info: () => {}, warn: note, error: note },
  });
  mounted.push(natter);
  return { natter, model, lines };
};

const startSchema = z.object({ conversationId: z.string(), completionId: z.string() });

/** What is stored of the conversation that an answer belongs to. */
const storedOf = async (natter: LayeredWeb, chunks: readonly { type: string }[]): Promise<string> => {
  const start = chunks[0];
  const { conversationId } = startSchema.parse(
    start !== undefined && "messageMetadata" in start && start.messageMetadata,
  );
  return (await natter.ask(`/v1/conversations/${conversationId}/messages`)).text();
};

const card: GuardRule = { name: "card", action: "redact", pattern: String.raw`\b(?:\d[ -]?){12,18}\d\b` };
const curse: GuardRule = { name: "curse", action: "block", pattern: /damn it/i, message: "Be kind." };
const price: GuardRule = { name: "price", action: "flag", pattern: "[0-9]+ dollars" };

const everyCut = (text: string): string[][] =>
  Array.from({ length: text.length - 1 }, (_, index) => [text.slice(0, index + 1), text.slice(index + 1)]);

describe("C4 guardrails on what models say", () => {
  test("a match that is split over deltas anywhere is neither shown nor stored", async () => {
    const cuts = everyCut("pay 4111 1111 1111 1111 now");
    const { natter } = await mount({ output: [card] }, (_call, number) => [
      reason("4111-1111-1111-1111"),
      say(...(cuts[number - 1] ?? ["pay 4111 1111 1111 1111 now"])),
    ]);
    for (const _cut of cuts) {
      const { text, chunks } = await natter.say("how?");
      expect(text).toBe("pay [redacted] now");
      expect(`${JSON.stringify(chunks)}${await storedOf(natter, chunks)}`).not.toMatch(/1111/);
    }
  });

  test("what blocks ends the answer with its error, and the model is stopped; nothing of it is shown or stored", async () => {
    const { natter, model, lines } = await mount({ output: [curse] }, () => [
      say("well, da", "mn", " it, I say"),
      { hang: true },
    ]);
    const { text, chunks } = await natter.say("hello");
    expect(text).toBe("well, ");
    expect(chunks.at(-1)).toEqual({ type: "error", errorText: "Be kind." });
    expect(model.aborts).toBe(1);
    const stored = await storedOf(natter, chunks);
    expect(stored).not.toMatch(/damn|mn it/);
    expect(lines).toContainEqual(expect.objectContaining({ rule: "curse", direction: "output", action: "block" }));
    const whole = await natter.ask("/v1/chat", { body: { message: { text: "hello" }, stream: false } });
    expect(whole.status).toBe(422);
    expect(await whole.json()).toMatchObject({ code: "guardrail_blocked", detail: "Be kind.", accepted: true });
  });

  test("what is only flagged is shown, with a part that names the rule", async () => {
    const { natter } = await mount({ output: [price] }, () => [say("it is 5 dol", "lars, 6 dollars")]);
    const { text, chunks } = await natter.say("how much?");
    expect(text).toBe("it is 5 dollars, 6 dollars");
    expect(chunks.filter(({ type }) => type === "data-natter-guardrail")).toEqual([
      { type: "data-natter-guardrail", data: { rule: "price", action: "flag" } },
    ]);
  });

  test("inputs of tools are redacted before they are shown, stored and run", async () => {
    const ran: unknown[] = [];
    const pay = tool({ inputSchema: z.object({ card: z.string() }), execute: async (input) => ran.push(input) });
    const script: ModelScript = (call) =>
      call.messages.at(-1)?.role === "tool" ? [say("paid")] : [callTool("call", "pay", { card: "4111111111111111" })];
    const { natter } = await mount({ output: [card] }, script, { tools: { pay } });
    const { chunks } = await natter.say("pay");
    expect(ran).toEqual([{ card: "[redacted]" }]);
    expect(`${JSON.stringify(chunks)}${await storedOf(natter, chunks)}`).not.toContain("41111");
  });

  test("a function sees the whole, and what it gives is shown in its place", async () => {
    const rule: GuardRule = {
      name: "shout",
      action: "redact",
      check: async (text) => (text.includes("!") ? text.replaceAll("!", ".") : false),
    };
    const { natter } = await mount({ output: [rule] }, () => [say("hel", "lo!", " you!")]);
    expect((await natter.say("hi")).text).toBe("hello. you.");
  });

  test("N6 a model judges, with a ledger entry of its own; what it does not clear is not shown", async () => {
    const rule: GuardRule = { name: "advice", action: "block", model: "test/other", breaks: "It gives advice." };
    const script: ModelScript = (call) =>
      call.instructions?.includes("It gives advice.") === true
        ? [say(JSON.stringify(call.messages).includes("take two") ? "YES" : "NO")]
        : [say(JSON.stringify(call.messages).includes("ill") ? "take two of them" : "hello")];
    const { natter } = await mount({ output: [rule] }, script);
    expect((await natter.say("hi")).text).toBe("hello");
    const blocked = await natter.say("I am ill");
    expect(blocked.text).toBe("");
    expect(blocked.chunks.at(-1)).toMatchObject({ type: "error" });
    const usage = (await (await natter.ask("/v1/usage")).json()) as { data: { model: string }[] };
    expect(usage.data.filter(({ model }) => model === "test/other")).toHaveLength(2);
    expect(usage.data).toHaveLength(4);
  });
});

describe("C4 guardrails on what people send", () => {
  test("what blocks is refused before anything is stored; what is redacted is stored and asked redacted", async () => {
    const { natter, model } = await mount({ input: [card, curse] }, () => [say("ok")]);
    const refused = await natter.ask("/v1/chat", { body: { message: { text: "Damn it!" } } });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: "guardrail_blocked", detail: "Be kind." });
    expect(await (await natter.ask("/v1/conversations")).json()).toMatchObject({ data: [] });
    const { chunks } = await natter.say("my card is 4111-1111-1111-1111, ok?");
    expect(JSON.stringify(model.calls[0]?.messages)).toContain("my card is [redacted], ok?");
    expect(await storedOf(natter, chunks)).not.toContain("4111");
  });

  test("every way in passes: AI SDK's body, an edit, a message without an answer", async () => {
    const { natter, model } = await mount({ input: [card, curse] }, () => [say("ok")]);
    const { chunks } = await natter.say("hello");
    const { conversationId } = startSchema.parse(chunks[0]?.type === "start" ? chunks[0].messageMetadata : null);
    const append = await natter.ask(`/v1/conversations/${conversationId}/messages`, {
      body: { message: { text: "damn it" } },
    });
    expect(append.status).toBe(422);
    const body = {
      id: "conversation-of-ai-sdk",
      trigger: "submit-message",
      messages: [{ id: "message-of-ai-sdk-1", role: "user", parts: [{ type: "text", text: "4111 1111 1111 1111" }] }],
    };
    const sdk = await natter.ask("/v1/chat", { body });
    await sdk.text();
    expect(JSON.stringify(model.calls.at(-1)?.messages)).toContain("[redacted]");
    const cursed = { ...body.messages[0], id: "message-of-ai-sdk-2", parts: [{ type: "text", text: "Damn it" }] };
    const refused = await natter.ask("/v1/chat", { body: { ...body, messages: [cursed] } });
    expect(await refused.text()).toBe("Be kind.");
  });

  test("a model that judges what was sent ends its answer before the answering model is asked", async () => {
    const rule: GuardRule = { name: "topic", action: "block", model: "test/other", breaks: "It is about tea." };
    const { natter, model } = await mount({ input: [rule] }, (call) => [
      say(call.instructions?.includes("about tea") === true ? "Yes." : "answer"),
    ]);
    const { chunks, text } = await natter.say("tea?");
    expect(text).toBe("");
    expect(chunks.at(-1)).toMatchObject({ type: "error" });
    expect(model.calls).toHaveLength(1);
  });
});

describe("rules", () => {
  test("without any, keys of well-known services are redacted", async () => {
    const events: ModelEvent[] = [{ type: "text", id: "0", delta: `use sk-${"a1".repeat(20)}, please` }];
    const { natter } = await mount({}, () => [{ emit: events }]);
    expect((await natter.say("which?")).text).toBe("use [redacted], please");
  });

  test.each<[GuardrailsOptions, string]>([
    [{ output: [{ name: "a", action: "block", pattern: "(?=a)" }] }, "RE2"],
    [{ input: [curse, curse] }, "two rules of input"],
    [{ input: [{ name: "a", action: "redact", pattern: [] }] }, "guardrails(): input"],
  ])("%o is refused at start", (options, why) => {
    expect(() => guardrails(options)).toThrow(why);
  });
});
