import { expect, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { SpanContext } from "../protocol/agent/telemetry.ts";
import { parseTraceparent, traceOf } from "./completion-trace.ts";

const rootOf = (completionId: string, ratio = 1): SpanContext | null => {
  const span = traceOf(completionId, ratio)?.getValue(Symbol.for("OpenTelemetry Context Key SPAN"));
  return span === undefined ? null : (span as { spanContext(): SpanContext }).spanContext();
};

test("N11 the trace of a completion is its id, on every node", () => {
  const id = "0197c2a4-5f6e-7c11-9a5d-0123456789ab";
  const root = {
    traceId: "0197c2a45f6e7c119a5d0123456789ab",
    spanId: "9a5d0123456789ab",
    traceFlags: 1,
    isRemote: true,
  };
  expect(rootOf(id)).toEqual(root);
  expect(rootOf("an id of somebody's own")?.traceId).toMatch(/^[0-9a-f]{32}$/);
});

test("N11 a part of all completions is traced, and all nodes choose the same", () => {
  const ids = Array.from({ length: 4_000 }, createId);
  const chosen = ids.filter((id) => rootOf(id, 0.25) !== null);
  expect(chosen.length).toBeGreaterThan(800);
  expect(chosen.length).toBeLessThan(1_200);
  expect(ids.filter((id) => rootOf(id, 0.25) !== null)).toEqual(chosen);
  expect(ids.some((id) => rootOf(id, 0) !== null)).toBe(false);
});

test("who asked is read from a traceparent, and from nothing else", () => {
  const [traceId, spanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
  expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, traceFlags: 1, isRemote: true });
  for (const header of [
    null,
    "",
    "00",
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
  ])
    expect(parseTraceparent(header)).toBeNull();
});
