import fc from "fast-check";
import { expect, test } from "vitest";
import { textEntry } from "../../testing/log-entry.ts";
import { cutFrames, mergeFrames } from "./frame-bytes.ts";

const textOf = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("\n\n", "id: e.99\n\n", "\u2028👩‍👩‍👧‍👦"));

test("frames cut at any position are exactly the bytes of the frames after it, not copied", () => {
  fc.assert(
    fc.property(fc.array(textOf, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 999 }), (texts, first) => {
      const { frames } = textEntry("e", first, texts);
      for (let kept = 0; kept <= texts.length; kept += 1) {
        const rest = cutFrames(frames, first + kept - 1);
        const expected = textEntry("e", first + kept, texts.slice(kept)).frames;
        expect(rest.equals(expected)).toBe(true);
        expect(rest.buffer).toBe(frames.buffer);
      }
    }),
  );
});

test("merged frames are one frame per run of deltas, with the id of its last position", () => {
  const entries = [textEntry("e", 4, ["a", "b"]), textEntry("e", 6, ["c", "👩‍👩‍👧‍👦", "d"])];
  expect(mergeFrames(entries, 4).toString()).toBe('id: e.8\ndata: {"type":"text-delta","id":"1","delta":"bc👩‍👩‍👧‍👦d"}\n\n');
});
