import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldChunks, tellableAnswer } from "../../testing/providers/arbitrary-answer.ts";
import { readAsAiSdk } from "../../testing/providers/read-as-ai-sdk.ts";
import { testRuns } from "../../testing/test-runs.ts";
import type { Chunk, Part } from "./chunk.ts";
import { closingChunks, createFold } from "./fold.ts";
import { mergeDeltas } from "./frames.ts";
import { unfold } from "./unfold.ts";

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
/** AI SDK shows a step when something is in it. */
const shown = (parts: readonly Part[]): unknown =>
  plain(parts.slice(0, parts.findLastIndex(({ type }) => type !== "step-start") + 1));

/** What AI SDK makes of it; throws what AI SDK complains about, but for the error that is told. */
const readStrictly = async (chunks: readonly Chunk[]): Promise<unknown> => {
  const complaints: unknown[] = [];
  const parts = await readAsAiSdk(chunks, (error) => complaints.push(error));
  const told = chunks.flatMap((chunk) => (chunk.type === "error" ? [chunk.errorText] : []));
  expect(complaints.map((complaint) => (complaint as Error).message)).toEqual(told);
  return shown(parts);
};

const isMergeable = (chunk: Chunk): boolean => chunk.type.endsWith("-delta");

/** The same text in other pieces: each delta cut in two at a place that a number decides. */
const split = (chunks: readonly Chunk[], at: number): Chunk[] =>
  chunks.flatMap((chunk): Chunk[] => {
    if (chunk.type === "text-delta" || chunk.type === "reasoning-delta") {
      const place = at % (chunk.delta.length + 1);
      return [
        { ...chunk, delta: chunk.delta.slice(0, place) },
        { ...chunk, delta: chunk.delta.slice(place) },
      ];
    }
    if (chunk.type !== "tool-input-delta") return [chunk];
    const place = at % (chunk.inputTextDelta.length + 1);
    return [
      { ...chunk, inputTextDelta: chunk.inputTextDelta.slice(0, place) },
      { ...chunk, inputTextDelta: chunk.inputTextDelta.slice(place) },
    ];
  });

const merge = (chunks: readonly Chunk[]): Chunk[] => {
  const merged: Chunk[] = [];
  for (const chunk of chunks) {
    const last = merged.at(-1);
    const both = last === undefined ? null : mergeDeltas(last, chunk);
    if (both === null) merged.push(chunk);
    else merged[merged.length - 1] = both;
  }
  return merged;
};

describe("N7 folding chunks to a message", () => {
  it("gives what AI SDK's reader gives, for every answer that the engine can tell, stopped anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(tellableAnswer, async ({ chunks }) => {
        expect(shown(foldChunks(chunks).parts)).toEqual(await readStrictly(chunks));
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("leaves nothing open when an answer ends", () => {
    fc.assert(
      fc.property(tellableAnswer, ({ chunks }) => {
        const fold = foldChunks(chunks);
        expect([fold.openTexts.size, fold.openReasonings.size, fold.openInputs.size]).toEqual([0, 0, 0]);
        expect(closingChunks(fold, "x")).toEqual([]);
        const states = fold.parts.flatMap((part) => ("state" in part ? [part.state] : []));
        for (const state of states)
          expect(["done", "output-available", "output-error", "output-denied"]).toContain(state);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("does not depend on how deltas are cut or merged", async () => {
    await fc.assert(
      fc.asyncProperty(tellableAnswer, fc.nat(), async ({ chunks }, at) => {
        const expected = foldChunks(chunks).parts;
        const pieces = split(chunks, at);
        const merged = merge(pieces);
        expect(foldChunks(pieces).parts).toEqual(expected);
        expect(foldChunks(merged).parts).toEqual(expected);
        expect(await readStrictly(merged)).toEqual(shown(expected));
        for (const [index, chunk] of merged.entries()) {
          const before = merged[index - 1];
          if (before === undefined || !isMergeable(chunk) || before.type !== chunk.type) continue;
          expect(mergeDeltas(before, chunk)).toBeNull();
        }
      }),
      { numRuns: testRuns(200) },
    );
  });

  it("is undone by unfolding: fold(unfold(parts)) = parts, and AI SDK reads the same", async () => {
    await fc.assert(
      fc.asyncProperty(tellableAnswer, async ({ chunks }) => {
        const { parts } = foldChunks(chunks);
        const unfolded = unfold(parts);
        expect(foldChunks(unfolded).parts).toEqual(parts);
        expect(await readStrictly([{ type: "start", messageId: "m" }, ...unfolded])).toEqual(shown(parts));
        expect(unfolded.length).toBeLessThanOrEqual(Math.max(1, chunks.length + parts.length));
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("goes on after a log was rebuilt in the middle as if nothing had been", async () => {
    await fc.assert(
      fc.asyncProperty(tellableAnswer, fc.nat({ max: 1_000 }), async (answer, place) => {
        const at = 1 + (place % answer.openLength);
        const before = foldChunks(answer.chunks.slice(0, at));
        const rebuilt = [answer.chunks[0]!, ...unfold(before.parts, before)];
        const again = foldChunks(rebuilt);
        expect(again.parts).toEqual(before.parts);
        expect([again.steps, again.finishedSteps]).toEqual([before.steps, before.finishedSteps]);
        const rest = answer.chunks.slice(at);
        const expected = foldChunks(rest, before).parts;
        expect(foldChunks(rest, again).parts).toEqual(expected);
        expect(await readStrictly([...rebuilt, ...rest])).toEqual(shown(expected));
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("keeps what only a person's or an import's message holds", () => {
    const parts: Part[] = [
      { type: "step-start" },
      { type: "text", text: "cited", state: "done", citations: [{ type: "url", url: "https://example.org" }] as never },
      { type: "steering-message", id: "s", parts: [{ type: "text", text: "faster" }] },
    ];
    expect(foldChunks(unfold(parts)).parts).toEqual(parts);
  });

  it("ignores results of calls that it does not know, and what it has no place for", () => {
    const fold = foldChunks(
      [
        { type: "tool-output-available", toolCallId: "none", output: 1 },
        { type: "tool-output-error", toolCallId: "none", errorText: "x" },
        { type: "text-delta", id: "none", delta: "x" },
        { type: "data-natter-hint", data: 1, transient: true },
        { type: "message-metadata", messageMetadata: {} },
      ],
      createFold(),
    );
    expect(fold.parts).toEqual([]);
  });
});
