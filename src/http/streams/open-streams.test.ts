import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EventStream } from "./event-stream.ts";
import { createOpenStreams } from "./open-streams.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const createStream = () => {
  const over = new AbortController();
  const written: string[] = [];
  const stream: EventStream = {
    write: (bytes) => void written.push(String(bytes)),
    backlog: () => 0,
    drained: async () => {},
    end: () => over.abort(),
    destroy: () => over.abort(),
    signal: over.signal,
  };
  return { stream, written };
};

const comeBack = expect.stringMatching(/^retry: \d+\n\n$/);

test("open streams are pinged, until they are over", () => {
  const streams = createOpenStreams();
  const [first, second] = [createStream(), createStream()];
  streams.add(first.stream);
  streams.add(second.stream);
  expect(streams.viewers().open).toBe(2);
  vi.advanceTimersByTime(15_000);
  first.stream.end();
  vi.advanceTimersByTime(15_000);
  expect([first.written, second.written]).toEqual([[": ping\n\n"], [": ping\n\n", ": ping\n\n"]]);
  expect(streams.viewers().open).toBe(1);
});

test("all streams are told when to come back and end, also one that a request opens afterwards", () => {
  const streams = createOpenStreams();
  const [before, after] = [createStream(), createStream()];
  streams.add(before.stream);
  streams.closeAll();
  streams.add(after.stream);
  for (const { stream, written } of [before, after]) {
    expect(written).toEqual([comeBack]);
    expect(stream.signal.aborted).toBe(true);
  }
  expect(streams.viewers().open).toBe(0);
});
