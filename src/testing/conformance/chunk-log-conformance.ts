import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ChunkLog, LogEntry, LogHead, LogPage } from "../../ports/chunk-log.ts";
import { formatOf, logFormat } from "../../protocol/message/log-format.ts";
import { textEntry } from "../log-entry.ts";

/** One log as two nodes see it; for a driver that is one process the same object twice. */
export type LogNodes = readonly [ChunkLog, ChunkLog];

const everything = Number.MAX_SAFE_INTEGER;

const openLog = async (log: ChunkLog, id: string, fence = 1): Promise<LogHead> => {
  const head = await log.open(id, fence);
  if (head === null) throw new Error(`the log refused fence ${fence}`);
  return head;
};

/** Reads as the contract asks: takes what it is told, and reads again where the told positions don't join. */
const collect = (log: ChunkLog, id: string) => {
  const positions: number[] = [];
  const pages: LogPage[] = [];
  let reading = Promise.resolve();
  const take = (entry: LogEntry): void => {
    if (entry.first === (positions.at(-1) ?? 0) + 1) {
      for (let position = entry.first; position <= entry.last; position += 1) positions.push(position);
    }
  };
  const stop = log.watch(id, (page) => {
    pages.push(page);
    reading = reading.then(async () => {
      page.entries.forEach(take);
      if (page.last <= (positions.at(-1) ?? 0)) return;
      (await log.read(id, positions.at(-1) ?? 0, everything))?.entries.forEach(take);
    });
  });
  return { positions, pages, stop };
};

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** What every `ChunkLog` must do; run unchanged on each driver. */
export const chunkLogConformance = (
  name: string,
  createNodes: (options: { retentionSeconds: number }) => LogNodes | Promise<LogNodes>,
): void => {
  describe(`${name} is a chunk log`, () => {
    let log: ChunkLog;
    let other: ChunkLog;
    let id: string;

    beforeEach(async () => {
      [log, other] = await createNodes({ retentionSeconds: 60 });
      id = `completion-${randomUUID()}`;
    });
    afterEach(async () => {
      await Promise.all([log.close(), other.close()]);
    });

    const append = (epoch: string, first: number, texts: readonly string[], ends = false) =>
      log.append(id, 1, textEntry(epoch, first, texts, ends));

    test("a log that nobody opened is null to read and missing to append to", async () => {
      expect(await log.read(id, 0, everything)).toBeNull();
      expect(await append("e", 1, ["a"])).toBe("missing");
      expect(await other.read(id, 0, everything)).toBeNull();
    });

    test("opening begins an epoch with no chunks, and entries are read back in order on every node", async () => {
      const { epoch, last, ended } = await openLog(log, id);
      expect({ last, ended }).toEqual({ last: 0, ended: false });
      expect(epoch).toMatch(/^[A-Za-z0-9]{1,32}$/);
      expect(formatOf(epoch)).toBe(logFormat);
      const entries = [textEntry(epoch, 1, ["a", "b"]), textEntry(epoch, 3, ["c"]), textEntry(epoch, 4, ["d"], true)];
      for (const entry of entries) expect(await log.append(id, 1, entry)).toBe("ok");
      for (const node of [log, other]) {
        expect(await node.read(id, 0, everything)).toEqual({ epoch, last: 4, ended: true, entries });
      }
    });

    test("two logs have different epochs and don't mix", async () => {
      const first = await openLog(log, id);
      const second = await openLog(log, `${id}-2`);
      expect(first.epoch).not.toBe(second.epoch);
      await append(first.epoch, 1, ["a"]);
      expect((await other.read(`${id}-2`, 0, everything))?.entries).toEqual([]);
    });

    test("bytes come back as they went in: emoji, line separators, split surrogates' replacement, large entries", async () => {
      const { epoch } = await openLog(log, id);
      const texts = ["👩‍👩‍👧‍👦 \u2028\u2029", "\uFFFD\\u0000 \r\n\n", "ß".repeat(700_000)];
      const entry = textEntry(epoch, 1, texts);
      expect(await log.append(id, 1, entry)).toBe("ok");
      const page = await other.read(id, 0, everything);
      expect(page?.entries[0]?.frames.equals(entry.frames)).toBe(true);
    });

    test("an entry that is not the next one is a gap and stores nothing", async () => {
      const { epoch } = await openLog(log, id);
      expect(await append(epoch, 2, ["b"])).toBe("gap");
      expect(await append(epoch, 1, ["a"])).toBe("ok");
      expect(await append(epoch, 1, ["another a"])).toBe("gap");
      expect(await append(epoch, 3, ["c"])).toBe("gap");
      expect(await log.read(id, 0, everything)).toMatchObject({ last: 1, entries: [{ last: 1 }] });
    });

    test("a stored entry again is ok and not stored twice, so that a lost acknowledgement can be retried", async () => {
      const { epoch } = await openLog(log, id);
      expect(await append(epoch, 1, ["a", "b"])).toBe("ok");
      expect(await append(epoch, 1, ["a", "b"])).toBe("ok");
      expect(await append(epoch, 3, ["c"], true)).toBe("ok");
      expect(await append(epoch, 3, ["c"], true)).toBe("ok");
      expect(await append(epoch, 1, ["a", "b"])).toBe("ok");
      expect(await append(epoch, 1, ["a", "other"])).toBe("ended");
      expect(await append(epoch, 1, ["a"])).toBe("ended");
      expect((await log.read(id, 0, everything))?.entries.map((entry) => entry.last)).toEqual([2, 3]);
    });

    test("after the ending nothing is added, and opening again tells that it ended", async () => {
      const { epoch } = await openLog(log, id);
      await append(epoch, 1, ["a"], true);
      expect(await append(epoch, 2, ["b"])).toBe("ended");
      expect(await other.open(id, 2)).toEqual({ epoch, last: 1, ended: true });
      expect(await other.append(id, 2, textEntry(epoch, 2, ["b"]))).toBe("ended");
      expect(await log.read(id, 0, everything)).toMatchObject({ last: 1, ended: true });
    });

    test("a takeover keeps epoch and chunks, and refuses the lower fence on append and on open", async () => {
      const { epoch } = await openLog(log, id, 3);
      expect(await log.append(id, 3, textEntry(epoch, 1, ["a"]))).toBe("ok");
      expect(await other.open(id, 4)).toEqual({ epoch, last: 1, ended: false });
      expect(await log.append(id, 3, textEntry(epoch, 2, ["lost"]))).toBe("fenced");
      expect(await log.append(id, 3, textEntry(epoch, 1, ["a"]))).toBe("fenced");
      expect(await log.open(id, 3)).toBeNull();
      expect(await log.open(id, 3, { fresh: true })).toBeNull();
      expect(await other.append(id, 4, textEntry(epoch, 2, ["b"]))).toBe("ok");
      expect(await log.read(id, 0, everything)).toMatchObject({ epoch, last: 2 });
    });

    test("fences are compared as numbers, and the same fence may open again", async () => {
      const { epoch } = await openLog(log, id, 9);
      expect(await log.open(id, 9)).toEqual({ epoch, last: 0, ended: false });
      expect(await other.open(id, 10)).toEqual({ epoch, last: 0, ended: false });
      expect(await log.append(id, 9, textEntry(epoch, 1, ["a"]))).toBe("fenced");
    });

    test("a fresh opening drops everything and begins another epoch", async () => {
      const { epoch } = await openLog(log, id);
      await append(epoch, 1, ["a", "b"], true);
      const fresh = await other.open(id, 2, { fresh: true });
      expect(fresh).toMatchObject({ last: 0, ended: false });
      expect(fresh?.epoch).not.toBe(epoch);
      expect(await log.read(id, 0, everything)).toEqual({ ...fresh, entries: [] });
      expect(await other.append(id, 2, textEntry(fresh!.epoch, 1, ["new"]))).toBe("ok");
      expect(await log.read(id, 0, everything)).toMatchObject({ last: 1, entries: [{ first: 1, last: 1 }] });
    });

    test("a page holds whole entries with positions after the given one, about as many bytes as asked, at least one", async () => {
      const { epoch } = await openLog(log, id);
      for (let first = 1; first <= 120; first += 3) await append(epoch, first, ["a", "b", "c"]);
      const bytes = (await log.read(id, 60, everything))!.entries[0]!.frames.length;
      const lasts = async (after: number, maxBytes: number) =>
        (await other.read(id, after, maxBytes))?.entries.map((entry) => entry.last);

      expect(await lasts(0, 0)).toEqual([3]);
      expect(await lasts(3, 1)).toEqual([6]);
      expect(await lasts(4, 1)).toEqual([6]);
      expect(await lasts(5, bytes * 2 + 1)).toEqual([6, 9]);
      expect(await lasts(118, everything)).toEqual([120]);
      expect(await lasts(120, everything)).toEqual([]);
      expect(await lasts(500, everything)).toEqual([]);
      expect((await lasts(0, everything))?.length).toBe(40);
      expect((await other.read(id, everything, 0))?.last).toBe(120);

      const read: number[] = [];
      for (let page = await lasts(0, bytes * 7); page?.length; page = await lasts(read.at(-1)!, bytes * 7)) {
        expect(page.length).toBeLessThan(9);
        read.push(...page);
      }
      expect(read).toEqual(upTo(40).map((index) => index * 3));
    });

    test("watchers on every node see every append in order, those on the writer's node before it resolves", async () => {
      const here = collect(log, id);
      const there = collect(other, id);
      const { epoch } = await openLog(log, id);
      for (let position = 1; position <= 200; position += 1) {
        await append(epoch, position, [String(position)], position === 200);
        expect(here.pages.some((page) => page.last === position)).toBe(true);
      }
      await expect.poll(() => here.positions).toEqual(upTo(200));
      await expect.poll(() => there.positions).toEqual(upTo(200));
      expect(there.pages.at(-1)).toMatchObject({ epoch, ended: true });
    });

    test("appends that were sent without waiting keep their order", async () => {
      const there = collect(other, id);
      const { epoch } = await openLog(log, id);
      const outcomes = await Promise.all(upTo(100).map((position) => append(epoch, position, [String(position)])));
      expect(new Set(outcomes)).toEqual(new Set(["ok"]));
      await expect.poll(() => there.positions).toEqual(upTo(100));
    });

    test("who watches a log that has chunks already finds all of them", async () => {
      const { epoch } = await openLog(log, id);
      await append(epoch, 1, ["a", "b"]);
      const late = collect(other, id);
      await append(epoch, 3, ["c"]);
      await expect.poll(() => late.positions).toEqual([1, 2, 3]);
    });

    test("a new epoch is told by a page without entries", async () => {
      const there = collect(other, id);
      const { epoch } = await openLog(log, id);
      await append(epoch, 1, ["a"]);
      await expect.poll(() => there.positions).toEqual([1]);
      const fresh = await log.open(id, 2, { fresh: true });
      await expect.poll(() => there.pages.at(-1)).toEqual({ epoch: fresh?.epoch, last: 0, ended: false, entries: [] });
    });

    test("two hundred watchers of one log all see it, and who stopped hears nothing more", async () => {
      const watchers = Array.from({ length: 200 }, (_, index) => collect(index % 2 ? log : other, id));
      const { epoch } = await openLog(log, id);
      await append(epoch, 1, ["a"]);
      await Promise.all(watchers.map(({ positions }) => expect.poll(() => positions).toEqual([1])));
      const [gone, ...staying] = watchers;
      const heard = gone!.pages.length;
      gone!.stop();
      gone!.stop();
      await append(epoch, 2, ["b"]);
      await Promise.all(staying.map(({ positions }) => expect.poll(() => positions).toEqual([1, 2])));
      expect(gone!.pages.length).toBe(heard);
    });

    test("who watches again after nobody did is told again", async () => {
      const { epoch } = await openLog(log, id);
      collect(other, id).stop();
      const again = collect(other, id);
      await append(epoch, 1, ["a"]);
      await expect.poll(() => again.positions).toEqual([1]);
      again.stop();
      const thrice = collect(other, id);
      await append(epoch, 2, ["b"], true);
      await expect.poll(() => thrice.positions).toEqual([1, 2]);
    });

    test("two hundred logs watched at once don't mix", async () => {
      const ids = upTo(200).map((number) => `${id}-${number}`);
      const watchers = ids.map((each) => collect(other, each));
      await Promise.all(
        ids.map(async (each, index) => {
          const { epoch } = await openLog(log, each);
          for (let position = 1; position <= (index % 5) + 1; position += 1) {
            await log.append(each, 1, textEntry(epoch, position, [each]));
          }
        }),
      );
      const expected = (index: number) => upTo((index % 5) + 1);
      await Promise.all(watchers.map(({ positions }, index) => expect.poll(() => positions).toEqual(expected(index))));
    });

    test("a watcher that throws harms neither the writer nor the other watchers", async () => {
      log.watch(id, () => {
        throw new Error("a broken viewer");
      });
      const well = collect(log, id);
      const { epoch } = await openLog(log, id);
      expect(await append(epoch, 1, ["a"])).toBe("ok");
      await expect.poll(() => well.positions).toEqual([1]);
    });

    test("an ended log is kept for the retention time and then forgotten; one that goes on stays", async () => {
      const [short] = await createNodes({ retentionSeconds: 0.4 });
      const running = await openLog(short, `${id}-running`);
      await short.append(`${id}-running`, 1, textEntry(running.epoch, 1, ["a"]));
      const { epoch } = await openLog(short, id);
      await short.append(id, 1, textEntry(epoch, 1, ["a"], true));
      expect((await short.read(id, 0, everything))?.ended).toBe(true);
      expect(await short.open(id, 2)).toMatchObject({ ended: true });
      await vi.waitFor(async () => expect(await short.read(id, 0, everything)).toBeNull(), { timeout: 5_000 });
      expect(await short.append(id, 2, textEntry(epoch, 2, ["b"]))).toBe("missing");
      expect((await short.read(`${id}-running`, 0, everything))?.last).toBe(1);
      await short.close();
    });

    test("a fresh opening of an ended log outlives the retention of the old one", async () => {
      const [short] = await createNodes({ retentionSeconds: 0.2 });
      const { epoch } = await openLog(short, id);
      await short.append(id, 1, textEntry(epoch, 1, ["a"], true));
      await openLog(short, `${id}-ended-later`);
      const fresh = await short.open(id, 2, { fresh: true });
      await short.append(id, 2, textEntry(fresh!.epoch, 1, ["new"]));
      await short.append(`${id}-ended-later`, 1, textEntry(epoch, 1, ["a"], true));
      await vi.waitFor(async () => expect(await short.read(`${id}-ended-later`, 0, everything)).toBeNull(), {
        timeout: 5_000,
      });
      expect((await short.read(id, 0, everything))?.last).toBe(1);
      await short.close();
    });

    test("once closed it says nothing to watchers and everything else is unavailable", async () => {
      const { epoch } = await openLog(log, id);
      const watcher = collect(log, id);
      await log.close();
      const late = collect(log, id);
      for (const call of [() => log.open(id, 1), () => append(epoch, 1, ["a"]), () => log.read(id, 0, everything)]) {
        await expect(call()).rejects.toMatchObject({ code: "unavailable" });
      }
      expect([...watcher.positions, ...late.positions]).toEqual([]);
      late.stop();
      watcher.stop();
      await log.close();
    });
  });
};
