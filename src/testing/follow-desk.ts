import { expect, vi } from "vitest";
import { createMemoryLog } from "../drivers/log/log-memory.ts";
import { silentLogger } from "../foundation/logger.ts";
import { follow, type FollowEnd, type FollowOptions, type FollowStart } from "../http/streams/follow.ts";
import type { ChunkLog, LogEntry } from "../ports/chunk-log.ts";
import { textEntry } from "./log-entry.ts";

export const completionId = "completion-1";

/** Lets what is due happen, as far as it waits for no timer. */
export const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

/** A viewer whose socket takes nothing until it is told to. */
export const createViewer = (
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

export const changed = (log: ChunkLog, changes: Partial<ChunkLog>): ChunkLog => ({
  open: (...call) => log.open(...call),
  append: (...call) => log.append(...call),
  read: (...call) => log.read(...call),
  watch: (...call) => log.watch(...call),
  close: () => log.close(),
  ...changes,
});

/** The frames of entries, as text. */
export const joined = (...entries: LogEntry[]): string => Buffer.concat(entries.map(({ frames }) => frames)).toString();

/** A log in memory that the test writes, and intervals that it lets pass. */
export interface FollowDesk {
  readonly log: ChunkLog;
  readonly epoch: string;
  /** The position of what was appended last. */
  readonly last: number;
  open(): Promise<void>;
  append(texts: readonly string[], ends?: boolean): Promise<LogEntry>;
  close(): Promise<void>;
}

export const createFollowDesk = (): FollowDesk => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const log = createMemoryLog({ retentionSeconds: 60 });
  let epoch = "";
  let last = 0;
  return {
    log,
    get epoch() {
      return epoch;
    },
    get last() {
      return last;
    },
    async open() {
      epoch = (await log.open(completionId, 1))!.epoch;
      last = 0;
    },
    async append(texts, ends = false) {
      const entry = textEntry(epoch, last + 1, texts, ends);
      expect(await log.append(completionId, 1, entry)).toBe("ok");
      last = entry.last;
      return entry;
    },
    async close() {
      vi.useRealTimers();
      await log.close();
    },
  };
};
