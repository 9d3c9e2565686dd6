import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { ChunkLog, LogPage } from "../../ports/chunk-log.ts";
import {
  changed,
  completionId,
  createFollowDesk,
  createViewer,
  joined,
  turns,
  type FollowDesk,
} from "../../testing/follow-desk.ts";
import { textEntry } from "../../testing/log-entry.ts";

/** The log with pushes that the test makes by hand. */
const withPushesByHand = (log: ChunkLog) => {
  const pushes = { tell: (_page: LogPage): void => {} };
  const watch = (_id: string, listener: (page: LogPage) => void) => {
    pushes.tell = listener;
    return () => {};
  };
  return { pushes, log: changed(log, { watch }) };
};

describe("follow", () => {
  let desk: FollowDesk;

  beforeEach(() => {
    desk = createFollowDesk();
  });
  afterEach(() => desk.close());

  test("another epoch ends it: at the beginning, while live, and when the log is forgotten", async () => {
    await desk.open();
    await desk.append(["a"]);
    const stranger = createViewer(desk.log, { after: 1, epoch: "another" });
    const live = createViewer(desk.log, { after: 0 });
    await turns();
    const lost = createViewer(desk.log, { after: 1, epoch: "another" });
    await desk.log.open(completionId, 2, { fresh: true });
    await Promise.all([stranger.done, live.done, lost.done]);
    expect([stranger.ends, live.ends, lost.ends]).toEqual([["epoch"], ["epoch"], ["epoch"]]);
    expect(stranger.written).toEqual([]);

    const forgotten = createViewer(createMemoryLog({ retentionSeconds: 60 }), { after: 5, epoch: desk.epoch });
    await forgotten.done;
    expect(forgotten.ends).toEqual(["epoch"]);
  });

  test("a takeover goes unnoticed", async () => {
    await desk.open();
    const viewer = createViewer(desk.log, { after: 0 });
    const before = await desk.append(["a"]);
    await desk.log.open(completionId, 2);
    expect(await desk.log.append(completionId, 1, textEntry(desk.epoch, 2, ["lost"]))).toBe("fenced");
    const after = textEntry(desk.epoch, 2, ["b"], true);
    await desk.log.append(completionId, 2, after);
    await viewer.done;
    expect(viewer.text()).toBe(joined(before, after));
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("a position that the log no longer or never held ends it with a gap", async () => {
    await desk.open();
    for (const text of ["a", "b", "c"]) await desk.append([text]);
    const trimmed = (from: number): ChunkLog =>
      changed(desk.log, {
        read: async (...call) => {
          const page = await desk.log.read(...call);
          return page && { ...page, entries: page.entries.filter(({ first }) => first >= from) };
        },
      });
    for (const [from, after] of [
      [2, 0],
      [3, 1],
      [9, 1],
      [1, 4],
    ] as const) {
      const viewer = createViewer(trimmed(from), { after, epoch: desk.epoch });
      await viewer.done;
      expect(viewer.ends).toEqual(["gap"]);
      expect(viewer.written).toEqual([]);
    }
  });

  test("a lost push is made good after a silent interval, and costs no read while something is heard", async () => {
    await desk.open();
    const { pushes, log: deaf } = withPushesByHand(desk.log);
    const read = vi.spyOn(desk.log, "read");
    const viewer = createViewer(deaf, { after: 0 }, { checkMilliseconds: 15_000 });
    await turns();
    expect(read).toHaveBeenCalledTimes(1);
    for (let index = 0; index < 10; index += 1) {
      const entry = await desk.append(["a"]);
      pushes.tell({ epoch: desk.epoch, last: desk.last, ended: false, entries: [entry] });
      vi.advanceTimersByTime(15_000);
      await turns();
    }
    expect(read).toHaveBeenCalledTimes(1);
    await desk.append(["lost"], true);
    vi.advanceTimersByTime(30_000);
    await viewer.done;
    expect(viewer.ends).toEqual(["ended"]);
    expect(viewer.text()).toContain("lost");
  });

  test("while the log can't be reached the viewer waits, and goes on with the first sign of life", async () => {
    await desk.open();
    const warn = vi.fn();
    const read = vi.spyOn(desk.log, "read").mockRejectedValueOnce(new Error("away"));
    const viewer = createViewer(desk.log, { after: 0 }, { logger: { ...silentLogger, warn } });
    await turns();
    expect(warn).toHaveBeenCalledTimes(1);
    const entries = [await desk.append(["a"]), await desk.append(["b"], true)];
    await viewer.done;
    expect(viewer.text()).toBe(joined(...entries));
    expect(read.mock.calls.length).toBeLessThan(4);
  });

  test("a page without entries that is further than the viewer makes it read the very entries", async () => {
    await desk.open();
    const { pushes, log: quiet } = withPushesByHand(desk.log);
    const viewer = createViewer(quiet, { after: 0 });
    await turns();
    const entries = [await desk.append(["a"]), await desk.append(["b"])];
    pushes.tell({ epoch: desk.epoch, last: desk.last, ended: false, entries: [] });
    await turns();
    expect(viewer.written).toEqual(entries.map(({ frames }) => frames));
    viewer.leave();
    await viewer.done;
  });
});
