import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LogEntry } from "../../ports/chunk-log.ts";
import {
  changed,
  completionId,
  createFollowDesk,
  createViewer,
  joined,
  turns,
  type FollowDesk,
} from "../../testing/follow-desk.ts";
import { entryOf, textEntry } from "../../testing/log-entry.ts";

describe("follow", () => {
  let desk: FollowDesk;

  beforeEach(() => {
    desk = createFollowDesk();
  });
  afterEach(() => desk.close());

  test("waits for a log that does not exist yet, then hands on each entry's own Buffer as it is appended", async () => {
    const viewer = createViewer(desk.log, { after: 0 });
    await turns();
    await desk.open();
    const entries: LogEntry[] = [];
    for (const text of ["a", "b", "c"]) {
      entries.push(await desk.append([text]));
      expect(viewer.written.at(-1)).toBe(entries.at(-1)?.frames);
    }
    entries.push(await desk.append(["d"], true));
    await viewer.done;
    expect(viewer.written).toEqual(entries.map(({ frames }) => frames));
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("never reads again while pushes come in order", async () => {
    await desk.open();
    const read = vi.spyOn(desk.log, "read");
    const viewer = createViewer(desk.log, { after: 0 });
    await turns();
    for (let index = 0; index < 500; index += 1) await desk.append(["a"]);
    expect(viewer.written.length).toBe(500);
    expect(read).toHaveBeenCalledTimes(1);
    viewer.leave();
    await viewer.done;
  });

  test("who was told start from the rows gets what comes after it, also from an entry that begins with start", async () => {
    const viewer = createViewer(desk.log, { after: 1 });
    await desk.open();
    const chunks = [
      { type: "start", messageId: "m" },
      { type: "start-step" },
      { type: "text-start", id: "1" },
    ] as const;
    await desk.log.append(completionId, 1, entryOf(desk.epoch, 1, chunks));
    await turns();
    expect(viewer.text()).toBe(joined(entryOf(desk.epoch, 2, chunks.slice(1))));
    viewer.leave();
    await viewer.done;
  });

  test("who was told start from the rows waits for a log that is open and does not hold it yet", async () => {
    await desk.open();
    const viewer = createViewer(desk.log, { after: 1 });
    await turns();
    await desk.append(["start"]);
    const entry = await desk.append(["a"], true);
    await viewer.done;
    expect(viewer.written).toEqual([entry.frames]);
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("after any position it sends exactly the rest, unmerged", async () => {
    await desk.open();
    const texts = ["a", "b", "c", "d", "e", "f"];
    await desk.append(texts.slice(0, 2));
    await desk.append(texts.slice(2, 5));
    await desk.append(texts.slice(5), true);
    for (let after = 2; after <= texts.length; after += 1) {
      const viewer = createViewer(desk.log, { after, epoch: desk.epoch });
      await viewer.done;
      expect(viewer.text()).toBe(joined(textEntry(desk.epoch, after + 1, texts.slice(after))));
      expect(viewer.ends).toEqual(["ended"]);
    }
  });

  test("a full replay merges neighbouring deltas, and what comes live after it is not touched", async () => {
    await desk.open();
    for (let index = 0; index < 100; index += 1) await desk.append([String(index % 10)]);
    const viewer = createViewer(desk.log, { after: 0 });
    await turns();
    expect(viewer.text()).toBe(
      `id: ${desk.epoch}.100\ndata: {"type":"text-delta","id":"1","delta":"${"0123456789".repeat(10)}"}\n\n`,
    );
    const live = await desk.append(["live"], true);
    await viewer.done;
    expect(viewer.written.at(-1)).toBe(live.frames);
  });

  test("history is read page by page, the next only when the socket has taken the one before", async () => {
    await desk.open();
    const entries = [
      await desk.append(["a".repeat(100)]),
      await desk.append(["b".repeat(100)]),
      await desk.append(["c"], true),
    ];
    const read = vi.spyOn(desk.log, "read");
    const viewer = createViewer(desk.log, { after: 0 }, { pageBytes: 1, viewerBytes: 1 });
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
    await desk.open();
    const viewer = createViewer(desk.log, { after: 0 }, { viewerBytes: 1_000 });
    await turns();
    viewer.fill(true);
    const sent: LogEntry[] = [];
    for (let bytes = 0; bytes <= 1_000; bytes += sent.at(-1)!.frames.length) {
      expect(viewer.ends).toEqual([]);
      sent.push(await desk.append(["a".repeat(100)]));
    }
    expect(viewer.ends).toEqual([]);
    await desk.append(["one too many"]);
    await viewer.done;
    expect(viewer.ends).toEqual(["slow"]);
    expect(viewer.text()).toBe(joined(...sent));
  });

  test("an entry larger than viewerBytes reaches a viewer that keeps up", async () => {
    await desk.open();
    const viewer = createViewer(desk.log, { after: 0 }, { viewerBytes: 1_000 });
    await turns();
    const large = await desk.append(["a".repeat(10_000)]);
    const small = await desk.append(["b"], true);
    await viewer.done;
    expect(viewer.text()).toBe(joined(large, small));
    expect(viewer.ends).toEqual(["ended"]);
  });

  test("who has everything of an ended log is told so at once", async () => {
    await desk.open();
    await desk.append(["a", "b"], true);
    const viewer = createViewer(desk.log, { after: 2, epoch: desk.epoch });
    await viewer.done;
    expect(viewer.ends).toEqual(["ended"]);
    expect(viewer.written).toEqual([]);
  });

  test("a viewer that leaves hears nothing more and keeps nothing: waiting, live, or with a full socket", async () => {
    let watching = 0;
    const counted = changed(desk.log, {
      watch: (...call) => {
        const unwatch = desk.log.watch(...call);
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
    await desk.open();
    const live = createViewer(counted, { after: 0 });
    await desk.append(["a"]);
    await desk.append(["b"]);
    const full = createViewer(counted, { after: 0 }, { pageBytes: 1 });
    full.fill(true);
    await turns();
    expect([watching, vi.getTimerCount() - timers]).toEqual([3, 3]);
    const viewers = [waiting, live, full];
    for (const viewer of viewers) viewer.leave();
    expect([watching, vi.getTimerCount() - timers]).toEqual([0, 0]);
    await Promise.all(viewers.map(({ done }) => done));
    const writes = viewers.map(({ written }) => written.length);
    await desk.append(["c"], true);
    await turns();
    expect(viewers.map(({ written }) => written.length)).toEqual(writes);
    expect(viewers.flatMap(({ ends }) => ends)).toEqual([]);
  });
});
