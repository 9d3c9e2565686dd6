import fc from "fast-check";
import { expect, test } from "vitest";
import { endingChunks, startChunk, type Chunk, type Part } from "../../protocol/message/chunk.ts";
import { formatFrame, mergeDeltas, type Frame } from "../../protocol/message/frames.ts";
import { areSameParts, readAsAiSdk } from "../../testing/providers/read-as-ai-sdk.ts";
import { LiveMessage } from "./live-message.ts";
import { streamResponse } from "./live-stream.ts";

const start = startChunk("message-000001", {
  conversationId: "conversation-1",
  completionId: "completion-1",
  userMessageId: "question-00001",
  sequence: 2,
});

const words = fc.array(fc.string({ unit: "grapheme", maxLength: 6 }), { minLength: 1, maxLength: 5 });

const spoken = (kind: "text" | "reasoning") =>
  words.map((deltas) => (id: string): Chunk[] => [
    { type: `${kind}-start`, id },
    ...deltas.map((delta): Chunk => ({ type: `${kind}-delta`, id, delta })),
    { type: `${kind}-end`, id },
  ]);

const called = fc.boolean().map((isWell) => (toolCallId: string): Chunk[] => [
  { type: "tool-input-start", toolCallId, toolName: "add" },
  { type: "tool-input-delta", toolCallId, inputTextDelta: '{"a":' },
  { type: "tool-input-delta", toolCallId, inputTextDelta: "2}" },
  { type: "tool-input-available", toolCallId, toolName: "add", input: { a: 2 } },
  isWell
    ? { type: "tool-output-available", toolCallId, output: { sum: 2 } }
    : { type: "tool-output-error", toolCallId, errorText: "no" },
]);

const told = fc.tuple(fc.nat(2), fc.nat(9)).map(([id, data]) => (): Chunk[] => [
  { type: "data-natter-progress", id: `progress-${id}`, data: { ratio: data } },
]);

const blocks = fc.array(fc.oneof(spoken("text"), spoken("reasoning"), called, told), { minLength: 1, maxLength: 4 });
/** A step, perhaps begun once before and lost with its worker. */
const step = fc.tuple(blocks, fc.option(blocks));
const ending = fc.constantFrom(
  endingChunks({ status: "completed", finishReason: "stop" }),
  endingChunks({ status: "cancelled" }),
  endingChunks({ status: "failed", message: "busy" }),
);

const answer = fc.tuple(fc.array(step, { minLength: 1, maxLength: 3 }), ending).map(([steps, last]): Chunk[] => {
  let id = 0;
  const write = (written: readonly ((id: string) => Chunk[])[]): Chunk[] =>
    written.flatMap((block) => block(`block-${(id += 1)}`));
  return [
    start,
    ...steps.flatMap(([kept, lost]): Chunk[] => [
      { type: "start-step" },
      ...(lost === null ? [] : [...write(lost).slice(0, -1), { type: "reset-step" } as const]),
      ...write(kept),
      { type: "finish-step" },
    ]),
    ...last,
  ];
});

const framesOf = (chunks: readonly Chunk[], epoch = "e"): Frame[] =>
  chunks.map((chunk, index) => ({ id: `${epoch}.${index + 1}`, chunk }));

/** As the server replays: neighbouring deltas as one, under the id of the last. */
const merged = (frames: readonly Frame[]): Frame[] => {
  const out: Frame[] = [];
  for (const frame of frames) {
    const before = out.at(-1);
    const both = before === undefined ? null : mergeDeltas(before.chunk, frame.chunk);
    if (both === null) out.push(frame);
    else out[out.length - 1] = { ...frame, chunk: both };
  }
  return out;
};

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === "text" || part.type === "reasoning" ? part.text : "")).join("");

test("the parts are those that AI SDK's own reader makes, however often the connection breaks", async () => {
  const cuts = fc.array(fc.tuple(fc.nat(60), fc.constantFrom("after", "overlap", "replay", "epoch")), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(answer, cuts, async (chunks, breaks) => {
      const live = new LiveMessage();
      let epoch = "e";
      let at = 0;
      for (const [length, how] of [...breaks, [chunks.length, "after"] as const]) {
        const frames = framesOf(chunks, epoch);
        for (const frame of frames.slice(at, at + length)) live.take(frame);
        at = Math.min(chunks.length, at + length);
        if (at === 0) continue;
        expect(live.lastEventId).toBe(`${epoch}.${at}`);
        if (how === "overlap") for (const frame of frames.slice(Math.max(1, at - 3), at)) live.take(frame);
        if (how === "epoch") epoch += "e";
        if (how === "replay" || how === "epoch")
          for (const frame of merged(framesOf(chunks, epoch).slice(0, at))) live.take(frame);
      }
      for (const frame of framesOf(chunks, epoch).slice(at)) live.take(frame);
      expect(areSameParts(live.snapshot()!.parts, await readAsAiSdk(chunks))).toBe(true);
      expect(live.isOver).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("any split of the bytes gives the same parts", async () => {
  await fc.assert(
    fc.asyncProperty(answer, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (chunks, sizes) => {
      const text = `${framesOf(chunks).map(formatFrame).join(": ping\n\n")}data: [DONE]\n\n`;
      const bytes = new TextEncoder().encode(text);
      let at = 0;
      let turn = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const size = sizes[turn++ % sizes.length]!;
          if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += size)));
          else controller.close();
        },
      });
      const stream = streamResponse(new Response(body));
      while (await stream.read());
      expect(stream.isDone).toBe(true);
      expect(areSameParts(stream.live.snapshot()!.parts, await readAsAiSdk(chunks))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("a replay takes back nothing that was shown, and unchanged parts stay the same objects", () => {
  fc.assert(
    fc.property(words, fc.nat(6), (deltas, cut) => {
      const chunks: Chunk[] = [
        start,
        { type: "start-step" },
        { type: "text-start", id: "a" },
        ...deltas.map((delta): Chunk => ({ type: "text-delta", id: "a", delta })),
        { type: "text-end", id: "a" },
        { type: "text-start", id: "b" },
        { type: "text-delta", id: "b", delta: "end" },
      ];
      const live = new LiveMessage();
      let shown = "";
      const look = (): void => {
        const text = textOf(live.snapshot()?.parts ?? []);
        expect(text.startsWith(shown)).toBe(true);
        shown = text;
      };
      const takeAndLook = (frame: Frame): void => {
        live.take(frame);
        look();
      };
      for (const frame of framesOf(chunks).slice(0, 3 + cut)) takeAndLook(frame);
      for (const frame of framesOf(chunks, "other")) takeAndLook(frame);
      const before = live.snapshot()!;
      expect(live.snapshot()).toBe(before);
      live.take({ id: `other.${chunks.length + 1}`, chunk: { type: "text-delta", id: "b", delta: "!" } });
      const after = live.snapshot()!;
      expect(after.parts[1]).toBe(before.parts[1]);
      expect(textOf(before.parts)).toBe(`${deltas.join("")}end`);
      expect(textOf(after.parts)).toBe(`${deltas.join("")}end!`);
    }),
  );
});

test("a start that is told from the rows, again and again while it is queued, is no accident", () => {
  const live = new LiveMessage();
  live.take({ chunk: start });
  live.take({ chunk: start });
  expect(live.lastEventId).toBeUndefined();
  expect(live.snapshot()).toMatchObject({ hasBegun: false, wasRecovered: false, phase: "thinking", parts: [] });
  live.take({ id: "e.2", chunk: { type: "start-step" } });
  expect(live.snapshot()).toMatchObject({ hasBegun: true, wasRecovered: false });
  live.take({ id: "e.3", chunk: { type: "reset-step" } });
  expect(live.snapshot()?.wasRecovered).toBe(true);
});

test("a call shows its input while that comes, and which tool runs until it has its result", () => {
  const live = new LiveMessage();
  const take = (...chunks: readonly Chunk[]): void => chunks.forEach((chunk) => live.take({ chunk }));
  const seen = () => {
    const { parts = [], phase, tool } = live.snapshot() ?? {};
    const last = parts.at(-1);
    return { phase, tool, input: last !== undefined && "input" in last ? last.input : null };
  };
  take(start, { type: "start-step" });
  expect(seen()).toMatchObject({ phase: "thinking", tool: null });
  take({ type: "tool-input-start", toolCallId: "call", toolName: "weather" });
  take({ type: "tool-input-delta", toolCallId: "call", inputTextDelta: '{"city": "Lis' });
  expect(seen()).toEqual({ phase: "tool-running", tool: "weather", input: { city: "Lis" } });
  const before = live.snapshot()!.parts.at(-1);
  take({ type: "text-start", id: "other" });
  expect(live.snapshot()!.parts.at(-2)).toBe(before);
  take({ type: "tool-input-delta", toolCallId: "call", inputTextDelta: 'bon"}' });
  expect(live.snapshot()!.parts.at(-2)).toMatchObject({ state: "input-streaming", input: { city: "Lisbon" } });
  take({ type: "tool-input-available", toolCallId: "call", toolName: "weather", input: { city: "Lisbon" } });
  take({ type: "tool-output-available", toolCallId: "call", output: "sunny" });
  expect(live.snapshot()!.parts.at(-2)).toMatchObject({ state: "output-available", output: "sunny" });
});
