import { expect, it } from "vitest";
import { observeTime } from "./observed-times.ts";

it("knows how long a thing ran that was seen to run, and nothing of one that was over before (C9)", () => {
  expect(observeTime("over", false, 1_000)).toBeNull();
  expect(observeTime("runs", true, 1_000)).toEqual({ from: 1_000, to: null });
  expect(observeTime("runs", true, 3_000)).toEqual({ from: 1_000, to: null });
  expect(observeTime("runs", false, 7_000)).toEqual({ from: 1_000, to: 7_000 });
  expect(observeTime("runs", false, 9_000)).toEqual({ from: 1_000, to: 7_000 });
});
