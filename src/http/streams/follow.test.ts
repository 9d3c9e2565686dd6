import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { ChunkLog, LogEntry, LogPage } from "../../ports/chunk-log.ts";
import { entryOf, textEntry } from "../../testing/log-entry.ts";
import { type FollowEnd, type FollowOptions, type FollowStart, follow } from "./follow.ts";

const completionId = "completion-1";
const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

/** A viewer whose socket takes nothing until it is told to. */
const createViewer = (
  log: ChunkLog,
  start: Omit<FollowStart, "completionId">,
  options: Partial<FollowOptions> = {},
) => {
  const leaving = new AbortController();
  const written: Buffer[] = [];
  const ends: FollowEnd[] = [];
  let backlog = 0;
  let isFull = false;
  let drain = Promise.withResolvers<void>();
  const done = follow(
    log,
    { completionId, ...start },
    {
      write: (frames) => {
        written.push(frames);
        backlog += isFull ? frames.length : 0;
      },
      backlog: () => backlog,
      drained: () => (isFull ? drain.promise : Promise.resolve()),
      end: (reason) => ends.push(reason),
    },
    { signal: leaving.signal, logger: silentLogger, ...options },
  );
  const fill = (full: boolean): void => {
    isFull = full;
    if (full) return;
    backlog = 0;
    drain.resolve();
    drain = Promise.withResolvers<void>();
  };
  const text = (): string => Buffer.concat(written).toString();
  return { written, ends, done, text, fill, leave: () => leaving.abort() };
};

const changed = (log: ChunkLog, changes: Partial<ChunkLog>): ChunkLog => ({
  open: (...call) => log.open(...call),
  append: (...call) => log.append(...call),
  read: (...call) => log.read(...call),
  watch: (...call) => log.watch(...call),
  close: () => log.close(),
  ...changes,
});

/** The log with pushes that the test makes by hand. */
const withPushesByHand = (log: ChunkLog) => {
  const pushes = { tell: (_page: LogPage): void => {} };
  const watch = (_id: string, listener: (page: LogPage) => void) => {
    pushes.tell = listener;
    return () => {};
  };
  return { pushes, log: changed(log, { watch }) };
};

const joined = (...entries: LogEntry[]): string => Buffer.concat(entries.map(({ frames }) => frames)).toString();

describe("follow", () => {
  let log: ChunkLog;
  let epoch: string;
  let last: number;

  const open = async (): Promise<void> => {
    epoch = (await log.open(completionId, 1))!.epoch;
    last = 0;
  };
  const append = async (texts: readonly string[], ends = false): Promise<LogEntry> => {
    const entry = textEntry(epoch, last + 1, texts, ends);
    expect(await log.append(completionId, 1, entry)).toBe("ok");
    last = entry.last;
    return entry;
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    log = createMemoryLog({ retentionSeconds: 60 });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await log.close();
  });

  test("waits for a log that does not exist yet, then hands on each entry's own Buffer as it is appended", async () => {
    const viewer = createViewer(log, { after: 0 });
    await turns();
    await open();
    const entries: LogEntry[] = [];
    for (const text of ["a", "b", "c"]) {
      entries.push(await append([text]));
      expect(viewer.written.at(-1)).toBe(entries.at(-1)?.frames);
    }
    entries.push(await append(["d"], true));
    await viewer.done;
    expect(viewer.written).toEqual(entries.map(({ frames }) => frames));
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("never reads again while pushes come in order", async () => {
    await open();
    const read = vi.spyOn(log, "read");
    const viewer = createViewer(log, { after: 0 });
    await turns();
    for (let index = 0; index < 500; index += 1) await append(["a"]);
    expect(viewer.written.length).toBe(500);
    expect(read).toHaveBeenCalledTimes(1);
    viewer.leave();
    await viewer.done;
  });

  test("who was told start from the rows gets what comes after it, also from an entry that begins with start", async () => {
    const viewer = createViewer(log, { after: 1 });
    await open();
    const chunks = [
      { type: "start", messageId: "m" },
      { type: "start-step" },
      { type: "text-start", id: "1" },
    ] as const;
    await log.append(completionId, 1, entryOf(epoch, 1, chunks));
    await turns();
    expect(viewer.text()).toBe(joined(entryOf(epoch, 2, chunks.slice(1))));
    viewer.leave();
    await viewer.done;
  });

  test("who was told start from the rows waits for a log that is open and does not hold it yet", async () => {
    await open();
    const viewer = createViewer(log, { after: 1 });
    await turns();
    await append(["start"]);
    const entry = await append(["a"], true);
    await viewer.done;
    expect(viewer.written).toEqual([entry.frames]);
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("after any position it sends exactly the rest, unmerged", async () => {
    await open();
    const texts = ["a", "b", "c", "d", "e", "f"];
    await append(texts.slice(0, 2));
    await append(texts.slice(2, 5));
    await append(texts.slice(5), true);
    for (let after = 2; after <= texts.length; after += 1) {
      const viewer = createViewer(log, { after, epoch });
      await viewer.done;
      expect(viewer.text()).toBe(joined(textEntry(epoch, after + 1, texts.slice(after))));
      expect(viewer.ends).toEqual(["ended"]);
    }
  });

  test("a full replay merges neighbouring deltas, and what comes live after it is not touched", async () => {
    await open();
    for (let index = 0; index < 100; index += 1) await append([String(index % 10)]);
    const viewer = createViewer(log, { after: 0 });
    await turns();
    expect(viewer.text()).toBe(
      `id: ${epoch}.100\ndata: {"type":"text-delta","id":"1","delta":"${"0123456789".repeat(10)}"}\n\n`,
    );
    const live = await append(["live"], true);
    await viewer.done;
    expect(viewer.written.at(-1)).toBe(live.frames);
  });

  test("history is read page by page, the next only when the socket has taken the one before", async () => {
    await open();
    const entries = [await append(["a".repeat(100)]), await append(["b".repeat(100)]), await append(["c"], true)];
    const read = vi.spyOn(log, "read");
    const viewer = createViewer(log, { after: 0 }, { pageBytes: 1, viewerBytes: 1 });
    viewer.fill(true);
    await turns();
    expect(read).toHaveBeenCalledTimes(1);
    expect(viewer.text()).toBe(joined(entries[0]!));
    viewer.fill(false);
    await viewer.done;
    expect(viewer.text()).toBe(joined(...entries));
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("a live viewer that lags behind by more than viewerBytes is disconnected, at the first byte more", async () => {
    await open();
    const viewer = createViewer(log, { after: 0 }, { viewerBytes: 1_000 });
    await turns();
    viewer.fill(true);
    const sent: LogEntry[] = [];
    for (let bytes = 0; bytes <= 1_000; bytes += sent.at(-1)!.frames.length) {
      expect(viewer.ends).toEqual([]);
      sent.push(await append(["a".repeat(100)]));
    }
    expect(viewer.ends).toEqual([]);
    await append(["one too many"]);
    await viewer.done;
    expect(viewer.ends).toEqual(["slow"]);
    expect(viewer.text()).toBe(joined(...sent));
  });

  test("an entry larger than viewerBytes reaches a viewer that keeps up", async () => {
    await open();
    const viewer = createViewer(log, { after: 0 }, { viewerBytes: 1_000 });
    await turns();
    const large = await append(["a".repeat(10_000)]);
    const small = await append(["b"], true);
    await viewer.done;
    expect(viewer.text()).toBe(joined(large, small));
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("another epoch ends it: at the beginning, while live, and when the log is forgotten", async () => {
    await open();
    await append(["a"]);
    const stranger = createViewer(log, { after: 1, epoch: "another" });
    const live = createViewer(log, { after: 0 });
    await turns();
    const lost = createViewer(log, { after: 1, epoch: "another" });
    await log.open(completionId, 2, { fresh: true });
    await Promise.all([stranger.done, live.done, lost.done]);
    expect([stranger.ends, live.ends, lost.ends]).toEqual([["epoch"], ["epoch"], ["epoch"]]);
    expect(stranger.written).toEqual([]);

    const forgotten = createViewer(createMemoryLog({ retentionSeconds: 60 }), { after: 5, epoch });
    await forgotten.done;
    expect(forgotten.ends).toEqual(["epoch"]);
  });

  test("a takeover goes unnoticed", async () => {
    await open();
    const viewer = createViewer(log, { after: 0 });
    const before = await append(["a"]);
    await log.open(completionId, 2);
    expect(await log.append(completionId, 1, textEntry(epoch, 2, ["lost"]))).toBe("fenced");
    const after = textEntry(epoch, 2, ["b"], true);
    await log.append(completionId, 2, after);
    await viewer.done;
    expect(viewer.text()).toBe(joined(before, after));
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("a position that the log no longer or never held ends it with a gap", async () => {
    await open();
    for (const text of ["a", "b", "c"]) await append([text]);
    const trimmed = (from: number): ChunkLog =>
      changed(log, {
        read: async (...call) => {
          const page = await log.read(...call);
          return page && { ...page, entries: page.entries.filter(({ first }) => first >= from) };
        },
      });
    for (const [from, after] of [
      [2, 0],
      [3, 1],
      [9, 1],
      [1, 4],
    ] as const) {
      const viewer = createViewer(trimmed(from), { after, epoch });
      await viewer.done;
      expect(viewer.ends).toEqual(["gap"]);
      expect(viewer.written).toEqual([]);
    }
  });

  test("who has everything of an ended log is told so at once", async () => {
    await open();
    await append(["a", "b"], true);
    const viewer = createViewer(log, { after: 2, epoch });
    await viewer.done;
    expect(viewer.ends).toEqual(["ended"]);
    expect(viewer.written).toEqual([]);
  });

  test("a viewer that leaves hears nothing more and keeps nothing: waiting, live, or with a full socket", async () => {
    let watching = 0;
    const counted = changed(log, {
      watch: (...call) => {
        const unwatch = log.watch(...call);
        watching += 1;
        return () => {
          watching -= 1;
          unwatch();
        };
      },
    });
    const timers = vi.getTimerCount();
    const waiting = createViewer(counted, { after: 0 });
    await turns();
    await open();
    const live = createViewer(counted, { after: 0 });
    await append(["a"]);
    await append(["b"]);
    const full = createViewer(counted, { after: 0 }, { pageBytes: 1 });
    full.fill(true);
    await turns();
    expect([watching, vi.getTimerCount() - timers]).toEqual([3, 3]);
    const viewers = [waiting, live, full];
    for (const viewer of viewers) viewer.leave();
    expect([watching, vi.getTimerCount() - timers]).toEqual([0, 0]);
    await Promise.all(viewers.map(({ done }) => done));
    const writes = viewers.map(({ written }) => written.length);
    await append(["c"], true);
    await turns();
    expect(viewers.map(({ written }) => written.length)).toEqual(writes);
    expect(viewers.flatMap(({ ends }) => ends)).toEqual([]);
  });

  test("a lost push is made good after a silent interval, and costs no read while something is heard", async () => {
    await open();
    const { pushes, log: deaf } = withPushesByHand(log);
    const read = vi.spyOn(log, "read");
    const viewer = createViewer(deaf, { after: 0 }, { checkMilliseconds: 15_000 });
    await turns();
    expect(read).toHaveBeenCalledTimes(1);
    for (let index = 0; index < 10; index += 1) {
      const entry = await append(["a"]);
      pushes.tell({ epoch, last, ended: false, entries: [entry] });
      vi.advanceTimersByTime(15_000);
      await turns();
    }
    expect(read).toHaveBeenCalledTimes(1);
    await append(["lost"], true);
    vi.advanceTimersByTime(30_000);
    await viewer.done;
    expect(viewer.ends).toEqual(["ended"]);
    expect(viewer.text()).toContain("lost");
  });

  test("while the log can't be reached the viewer waits, and goes on with the first sign of life", async () => {
    await open();
    const warn = vi.fn();
    const read = vi.spyOn(log, "read").mockRejectedValueOnce(new Error("away"));
    const viewer = createViewer(log, { after: 0 }, { logger: { ...silentLogger, warn } });
    await turns();
    expect(warn).toHaveBeenCalledTimes(1);
    const entries = [await append(["a"]), await append(["b"], true)];
    await viewer.done;
    expect(viewer.text()).toBe(joined(...entries));
    expect(read.mock.calls.length).toBeLessThan(4);
  });

  test("a page without entries that is further than the viewer makes it read the very entries", async () => {
    await open();
    const { pushes, log: quiet } = withPushesByHand(log);
    const viewer = createViewer(quiet, { after: 0 });
    await turns();
    const entries = [await append(["a"]), await append(["b"])];
    pushes.tell({ epoch, last, ended: false, entries: [] });
    await turns();
    expect(viewer.written).toEqual(entries.map(({ frames }) => frames));
    viewer.leave();
    await viewer.done;
  });
});
