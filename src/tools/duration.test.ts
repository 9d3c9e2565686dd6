import { describe, expect, it } from "vitest";
import { toMilliseconds, type Duration } from "./duration.ts";

describe("toMilliseconds", () => {
  it("reads numbers as milliseconds, and texts with their unit", () => {
    const read = (["250ms", "30s", "10m", "1.5h", "7d", 20] as const).map((duration) => toMilliseconds(duration));
    expect(read).toEqual([250, 30_000, 600_000, 5_400_000, 604_800_000, 20]);
  });

  it("refuses what is no duration, what has passed, and what no timer can wait for", () => {
    for (const text of ["10", "m", "ten minutes", "10 m", "-1s", "0s", "1e3s", "25d", ""])
      expect(() => toMilliseconds(text as Duration)).toThrow(TypeError);
    for (const number of [0, -5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])
      expect(() => toMilliseconds(number)).toThrow(TypeError);
  });
});
