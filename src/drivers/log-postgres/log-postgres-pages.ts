import type { LogEntry, LogPage } from "../../ports/chunk-log.ts";
import type { ChunkRow } from "../../store/completion/chunk-rows.ts";

/** The entries among a log's rows. */
export const entriesOf = (rows: readonly ChunkRow[]): LogEntry[] =>
  rows.flatMap(({ entry_first: first, entry_last: last, ends, frames }) =>
    first === null ? [] : [{ first, last, ends, frames: Buffer.from(frames) }],
  );

export const pageOf = (rows: readonly ChunkRow[]): LogPage | null => {
  const [head] = rows;
  if (head === undefined) return null;
  return { epoch: head.epoch, last: head.last, ended: head.ended, entries: entriesOf(rows) };
};
