import { expect, it } from "vitest";
import {
  formatBytes,
  formatCost,
  formatDuration,
  formatElapsed,
  formatSeconds,
  formatTokens,
} from "./format-amounts.ts";

it("says times, tokens and costs in few characters (C9)", () => {
  expect([formatElapsed(14_900), formatElapsed(125_000), formatElapsed(-5)]).toEqual(["14 s", "2 min 5 s", "0 s"]);
  expect([formatDuration(810), formatDuration(14_900)]).toEqual(["0.8 s", "14 s"]);
  expect([formatSeconds(400), formatSeconds(6_100)]).toEqual(["1 second", "6 seconds"]);
  expect([formatTokens(1), formatTokens(1_204)]).toEqual(["1 token", "1,204 tokens"]);
  expect([formatCost(0), formatCost(110_000), formatCost(412), formatCost(3)]).toEqual([
    "$0.00",
    "$0.11",
    "$0.0004",
    "$0.000003",
  ]);
  expect([formatBytes(214_300), formatBytes(2_400_000)]).toEqual(["214 KB", "2.4 MB"]);
});
