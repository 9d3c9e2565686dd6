import { convertToModelMessages, type UIMessage } from "ai";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Part } from "../protocol/message/chunk.ts";
import { isToolPart } from "../protocol/message/fold.ts";
import type { ModelMessage } from "../protocol/agent/model.ts";
import { foldChunks, tellableAnswer } from "../testing/providers/arbitrary-answer.ts";
import { testRuns } from "../testing/test-runs.ts";
import { denialOf } from "../tools/results.ts";
import { assistantMessages, userMessages } from "./model-messages.ts";

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/**
 * AI SDK's form of the same thing, where ours differs on purpose: a file's address as text, `{}` for no input, no empty
 * text, no word of who was asked, and of a call that was not allowed that it was not.
 */
const inOurForm = (messages: readonly ModelMessage[], parts: readonly Part[]): unknown =>
  (JSON.parse(JSON.stringify(messages)) as { content: Record<string, unknown>[] }[]).flatMap((message) => {
    const content = message.content.flatMap((part) => {
      if (part["type"] === "text" && part["text"] === "") return [];
      if (String(part["type"]).startsWith("tool-approval-")) return [];
      const shown = parts.filter((each) => isToolPart(each)).find((each) => each.toolCallId === part["toolCallId"]);
      if (part["type"] === "tool-result" && shown?.state === "output-denied")
        return [{ ...part, output: { type: "error-text", value: denialOf(shown.approval.reason ?? null) } }];
      if (part["type"] === "tool-call") return [{ ...part, input: part["input"] ?? {} }];
      const data = part["data"];
      return typeof data === "object" && data !== null && "url" in data ? [{ ...part, data: data.url }] : [part];
    });
    return content.length === 0 ? [] : [{ ...message, content }];
  });

const convert = (role: UIMessage["role"], parts: readonly Part[]): Promise<ModelMessage[]> =>
  convertToModelMessages([{ role, parts: [...parts] }], { ignoreIncompleteToolCalls: true });

describe("C5 what a model reads", () => {
  it("of an answer is what AI SDK makes of it, for every answer that the engine can tell, stopped anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(tellableAnswer, async ({ chunks }) => {
        const { parts } = foldChunks(chunks);
        expect(plain(assistantMessages(parts))).toEqual(inOurForm(await convert("assistant", parts), parts));
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("of an answer pairs each call with one result, in the message after it", () => {
    fc.assert(
      fc.property(tellableAnswer, fc.nat({ max: 1_000 }), ({ chunks }, cut) => {
        const messages = assistantMessages(foldChunks(chunks.slice(0, 1 + (cut % chunks.length))).parts);
        const pairs = messages.map((message, index) => {
          const content = Array.isArray(message.content) ? message.content : [];
          const called = content.flatMap((part) =>
            part.type === "tool-call" && part.providerExecuted !== true ? [part.toolCallId] : [],
          );
          const next = messages[index + 1];
          const answered =
            next?.role === "tool"
              ? next.content.flatMap((part) => (part.type === "tool-result" ? [part.toolCallId] : []))
              : [];
          return { called, answered: message.role === "assistant" ? answered : [] };
        });
        for (const { called, answered } of pairs) expect(answered).toEqual(called);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("of a person's message is its text and files", async () => {
    const parts: Part[] = [
      { type: "text", text: "look" },
      { type: "file", mediaType: "image/png", url: "data:image/png;base64,AA==", filename: "a.png" },
      { type: "file", mediaType: "text/plain", url: "https://example.org/a.txt" },
      { type: "data-natter-note", data: 1 },
    ];
    expect(userMessages(parts)).toEqual(inOurForm(await convert("user", parts), parts));
    expect(userMessages([])).toEqual([]);
  });

  it("says what a tool could not do as an error, and text as text", () => {
    const call = { toolCallId: "c", input: { a: 1 } };
    const contentOf = (part: Part) => assistantMessages([part]).at(-1)?.content;
    expect(contentOf({ type: "tool-add", ...call, state: "output-error", errorText: "no" })).toMatchObject([
      { output: { type: "error-text", value: "no" } },
    ]);
    expect(contentOf({ type: "tool-add", ...call, state: "output-available", output: "yes" })).toMatchObject([
      { output: { type: "text", value: "yes" } },
    ]);
    expect(contentOf({ type: "tool-add", ...call, state: "output-available", output: undefined })).toMatchObject([
      { output: { type: "json", value: null } },
    ]);
    expect(assistantMessages([{ type: "tool-add", ...call, state: "input-available" }])).toEqual([]);
  });
});
