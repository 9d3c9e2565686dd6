import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chunkLogConformance } from "../../testing/conformance/chunk-log-conformance.ts";
import { textEntry } from "../../testing/log-entry.ts";
import { createMemoryLog } from "./log-memory.ts";

chunkLogConformance("createMemoryLog", (options) => {
  const log = createMemoryLog(options);
  return [log, log];
});

describe("createMemoryLog", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("calls watchers within append, with the writer's own Buffer", async () => {
    const log = createMemoryLog({ retentionSeconds: 60 });
    const head = await log.open("a", 1);
    const listener = vi.fn();
    log.watch("a", listener);
    const entry = textEntry(head!.epoch, 1, ["hello"]);
    const appended = log.append("a", 1, entry);
    expect(listener.mock.calls[0]?.[0].entries[0].frames).toBe(entry.frames);
    expect(await appended).toBe("ok");
    expect((await log.read("a", 0, 1))?.entries[0]?.frames).toBe(entry.frames);
    await log.close();
  });

  test("forgets a log that never ends after it lay idle for the given time, and none that is still written", async () => {
    const log = createMemoryLog({ retentionSeconds: 60, abandonedSeconds: 3_600 });
    await log.open("left", 1);
    const head = await log.open("written", 1);
    for (let position = 1; position <= 5; position += 1) {
      vi.advanceTimersByTime(1_000_000);
      expect(await log.append("written", 1, textEntry(head!.epoch, position, ["a"]))).toBe("ok");
    }
    expect(await log.read("left", 0, 1)).toBeNull();
    expect((await log.read("written", 0, 1))?.last).toBe(5);
    await log.close();
  });

  test("keeps an ended log for the whole retention time", async () => {
    const log = createMemoryLog({ retentionSeconds: 60 });
    const head = await log.open("a", 1);
    await log.append("a", 1, textEntry(head!.epoch, 1, ["a"], true));
    vi.advanceTimersByTime(59_000);
    expect(await log.read("a", 0, 1)).not.toBeNull();
    vi.advanceTimersByTime(20_000);
    expect(await log.read("a", 0, 1)).toBeNull();
    await log.close();
  });

  test("leaves no timer behind when it is closed", async () => {
    const log = createMemoryLog({ retentionSeconds: 60 });
    expect(vi.getTimerCount()).toBe(1);
    await log.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
