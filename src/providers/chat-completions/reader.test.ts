import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gateText } from "../../foundation/text-gate.ts";
import type { ModelEvent } from "../../protocol/agent/model.ts";
import { createCallIds } from "../call-ids.ts";
import { createEventBatch } from "../exchange/event-batch.ts";
import { createChatReader } from "./reader.ts";

const read = (frames: readonly string[]): ModelEvent[] => {
  const events: ModelEvent[] = [];
  const batch = createEventBatch((batched) => events.push(...batched));
  const reader = createChatReader(batch, createCallIds([]));
  for (const frame of frames) {
    reader.read(frame);
    batch.flush();
  }
  reader.read("[DONE]");
  reader.end();
  batch.flush();
  return events;
};

/** Frames of one stream: most alike, some with another field, spelling or kind. */
const frame = fc.record({
  text: fc.string({ unit: "binary", maxLength: 12 }),
  kind: fc.constantFrom("content", "content", "content", "reasoning"),
  more: fc.constantFrom({}, {}, {}, { obfuscation: "abc" }, { usage: null }),
  isSpaced: fc.boolean(),
});

describe("a stream of frames", () => {
  test("says what parsing each frame whole would say, however alike the frames are", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
        const said: [kind: string, text: string][] = [];
        for (const { kind, text } of frames) {
          const type = kind === "content" ? "text" : "reasoning";
          const last = said.at(-1);
          if (last?.[0] === type) last[1] += text;
          else if (text !== "") said.push([type, text]);
        }
        const wire = frames.map(({ text, kind, more, isSpaced }) => {
          const value = { id: "c", choices: [{ index: 0, delta: { [kind]: text }, finish_reason: null }], ...more };
          return isSpaced ? JSON.stringify(value, null, 1) : JSON.stringify(value);
        });
        const heard = new Map<string, [kind: string, text: string]>();
        for (const event of read(wire)) {
          if (event.type !== "text" && event.type !== "reasoning") continue;
          const block = heard.get(event.id) ?? [event.type, ""];
          heard.set(event.id, [event.type, block[1] + event.delta]);
        }
        const gated = said.map(([kind, text]) => [kind, gateText(text)]).filter(([, text]) => text !== "");
        expect([...heard.values()]).toEqual(gated);
      }),
      { numRuns: 2000 },
    );
  });
});
