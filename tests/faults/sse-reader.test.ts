import fc from "fast-check";
import { expect, test } from "vitest";
import { createSseReader, type ServerEvent } from "./sse-reader.ts";

const events: readonly ServerEvent[] = [
  { retry: "700" },
  { id: "abc.1", data: '{"type":"start"}' },
  { id: "abc.2", data: '{"delta":"é 中文 👩‍🚀: id"}' },
  { data: "[DONE]" },
];
const bytes = Buffer.from(
  `: ping\n\n${events
    .map(
      (event) =>
        `${Object.entries(event)
          .map(([name, value]) => `${name}: ${value}\n`)
          .join("")}\n`,
    )
    .join("")}`,
);

test("any split of the bytes gives the same events, and a cut event is never told", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(bytes.length)), fc.nat(bytes.length), (splits, end) => {
      const read = createSseReader();
      const ends = [...splits.filter((at) => at < end).toSorted((left, right) => left - right), end];
      const told = ends.flatMap((at, index) => read(bytes.subarray(ends[index - 1] ?? 0, at)));
      const whole = bytes.subarray(0, end).toString("latin1").split("\n\n").length - 1;
      expect(told).toEqual([{}, ...events].slice(0, whole));
    }),
  );
});
