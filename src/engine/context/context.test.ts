import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BranchMessage, BranchView } from "../../completions/claim.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import { foldChunks, tellableAnswer } from "../../testing/providers/arbitrary-answer.ts";
import { testRuns } from "../../testing/test-runs.ts";
import { chooseWindow } from "../summary/choose-window.ts";
import {
  createContext,
  estimateBranch,
  estimateCall,
  estimateParts,
  systemTexts,
  windowOf,
  type WindowLimits,
} from "./context.ts";

const models = { estimateTokens: (text: string) => Math.ceil(text.length / 4) };

const said = (role: BranchMessage["role"], id: string, text: string): BranchMessage => ({
  id,
  role,
  parts: [{ type: "text", text }],
});

const whole = (messages: readonly BranchMessage[]): BranchView => ({ branch: messages, isWhole: true, earlier: null });

/** A branch as conversations make it: mostly questions and answers in turn, ending with a question; some with tool calls, some empty, some twice the same role. */
const branch: fc.Arbitrary<BranchMessage[]> = fc
  .array(
    fc.record({
      role: fc.constantFrom("user", "assistant", "assistant", "user", "system") as fc.Arbitrary<BranchMessage["role"]>,
      text: fc.string({ maxLength: 60 }),
      answer: tellableAnswer,
    }),
    { maxLength: 12 },
  )
  .map((messages) => [
    ...messages.map(({ role, text, answer }, index) =>
      role === "assistant"
        ? { id: `m${index}`, role, parts: foldChunks(answer.chunks).parts }
        : said(role, `m${index}`, text),
    ),
    said("user", "last", "the question"),
  ]);

const limits: fc.Arbitrary<WindowLimits> = fc.record({
  messages: fc.integer({ min: 1, max: 15 }),
  tokens: fc.option(fc.integer({ min: 1, max: 400 }), { nil: null }),
});

const callsOf = (message: ModelMessage): string[] =>
  message.role === "assistant" && Array.isArray(message.content)
    ? message.content.flatMap((part) =>
        part.type === "tool-call" && part.providerExecuted !== true ? [part.toolCallId] : [],
      )
    : [];
const resultsOf = (message: ModelMessage): string[] =>
  message.role === "tool"
    ? message.content.flatMap((part) => (part.type === "tool-result" ? [part.toolCallId] : []))
    : [];

describe("C7 D7 the window of a branch", () => {
  it("is the end of the branch, within both limits, beginning with a user message", () => {
    fc.assert(
      fc.property(branch, limits, (messages, within) => {
        const window = windowOf(models, messages, within);
        expect(window).toEqual(messages.slice(messages.length - window.length));
        expect(window.at(-1)?.id).toBe("last");
        expect(window[0]?.role).toBe("user");
        expect(window.length).toBeLessThanOrEqual(within.messages);
        const fits = within.tokens === null || estimateBranch(models, window) <= within.tokens;
        expect(window.length === 1 || fits).toBe(true);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("is as long as the limits allow: the next user message before it does not fit", () => {
    fc.assert(
      fc.property(branch, limits, (messages, within) => {
        const window = windowOf(models, messages, within);
        const before = messages.slice(0, messages.length - window.length).findLastIndex(({ role }) => role === "user");
        if (before === -1) return;
        const longer = messages.slice(before);
        const isTooLong =
          longer.length > within.messages || (within.tokens !== null && estimateBranch(models, longer) > within.tokens);
        expect(isTooLong).toBe(true);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("never cuts a call from its result, whatever the limits", () => {
    fc.assert(
      fc.property(branch, limits, (messages, within) => {
        const seen = createContext(chooseWindow(models, whole(messages), within));
        expect(seen.some(({ role }) => role === "system")).toBe(false);
        expect(seen[0]?.role).toBe("user");
        expect(seen.at(-1)).toEqual({ role: "user", content: [{ type: "text", text: "the question" }] });
        expect(systemTexts(messages)).toHaveLength(messages.filter(({ role }) => role === "system").length);
        for (const [index, message] of seen.entries()) {
          const next = seen[index + 1];
          expect(next === undefined ? [] : resultsOf(next)).toEqual(callsOf(message));
        }
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("keeps the last message whatever its size", () => {
    const messages = [said("user", "a", "x"), said("assistant", "b", "y"), said("user", "last", "z".repeat(10_000))];
    expect(windowOf(models, messages, { messages: 100, tokens: 1 }).map(({ id }) => id)).toEqual(["last"]);
  });

  it("is limited by the number of messages", () => {
    const messages = Array.from({ length: 9 }, (_, index) =>
      said(index % 2 === 0 ? "user" : "assistant", `${index}`, "x"),
    );
    const ids = (count: number) => windowOf(models, messages, { messages: count, tokens: null }).map(({ id }) => id);
    expect(ids(1)).toEqual(["8"]);
    expect(ids(2)).toEqual(["8"]);
    expect(ids(3)).toEqual(["6", "7", "8"]);
    expect(ids(100)).toHaveLength(9);
  });

  it("is limited by tokens, each message costing its text and a little more", () => {
    const messages = [
      said("user", "a", "x".repeat(40)),
      said("assistant", "b", "x".repeat(40)),
      said("user", "c", "x".repeat(40)),
    ];
    const ids = (tokens: number) => windowOf(models, messages, { messages: 100, tokens }).map(({ id }) => id);
    expect(ids(42)).toEqual(["a", "b", "c"]);
    expect(ids(41)).toEqual(["c"]);
    expect(ids(28)).toEqual(["c"]);
  });

  it("folds system messages into the instructions, wherever they stand", () => {
    const messages = [
      said("system", "s", "be brief"),
      said("user", "a", "hi"),
      said("system", "t", "be kind"),
      said("user", "b", "?"),
    ];
    const window = chooseWindow(models, whole(messages), { messages: 1, tokens: null });
    expect(createContext(window)).toEqual([{ role: "user", content: [{ type: "text", text: "?" }] }]);
    expect(window.instructions).toEqual(["be brief", "be kind"]);
    expect(systemTexts(messages)).toEqual(["be brief", "be kind"]);
  });
});

describe("the estimate of a call", () => {
  it("counts text, calls and files, and nothing for steps", () => {
    const parts: Part[] = [
      { type: "step-start" },
      { type: "text", text: "x".repeat(8) },
      { type: "reasoning", text: "x".repeat(4) },
      { type: "file", mediaType: "image/png", url: `data:image/png;base64,${"A".repeat(1_000_000)}` },
    ];
    expect(estimateParts(models, parts)).toBe(2 + 1 + 1_000);
    const call: Part = { type: "tool-add", toolCallId: "c", state: "output-available", input: { a: 1 }, output: 2 };
    expect(estimateParts(models, [call])).toBe(models.estimateTokens(JSON.stringify(call)));
  });

  it("counts instructions, tools and messages", () => {
    const bare = { model: "test/model", messages: [], tools: [], settings: {} };
    expect(estimateCall(models, bare)).toBe(0);
    expect(estimateCall(models, { ...bare, instructions: "x".repeat(40) })).toBe(10);
    const tools = [{ name: "add", inputSchema: {} }];
    expect(estimateCall(models, { ...bare, tools })).toBe(models.estimateTokens(JSON.stringify(tools)));
    expect(estimateCall(models, { ...bare, messages: [{ role: "user", content: "x".repeat(38) }] })).toBe(4 + 10);
  });

  it("counts a file for one, not for its bytes", () => {
    const file = { type: "file" as const, data: new Uint8Array(1_000_000), mediaType: "image/png" };
    const messages = [{ role: "user" as const, content: [file, { type: "text" as const, text: "xxxx" }] }];
    expect(estimateCall(models, { model: "test/model", messages, tools: [], settings: {} })).toBe(4 + 1_000 + 1);
  });
});
