import type { LogPage } from "../../ports/chunk-log.ts";
import type { PageReply } from "./log-redis-scripts.ts";

/** Names of a log's two keys; the braces put both in one slot of a Redis Cluster. */
export const logKeys = (prefix: string) => {
  const start = `${prefix}log:{`;
  const end = "}:chunks";
  return {
    of: (id: string) => ({ head: `${start}${id}}:head`, chunks: `${start}${id}${end}` }),
    idOf: (channel: Buffer): string => channel.toString("utf8").slice(start.length, -end.length),
  };
};

const isOne = (flag: Buffer | string | undefined): boolean => String(flag) === "1";

export const parseRead = (reply: PageReply): LogPage | null => {
  if (reply === null) return null;
  const [epoch, last, ended, entries] = reply;
  return {
    epoch: String(epoch),
    last: Number(last),
    ended: isOne(ended),
    entries: entries.map(([entryFirst, entryLast, ends, frames]) => ({
      first: Number(entryFirst),
      last: Number(entryLast),
      ends: isOne(ends),
      frames,
    })),
  };
};

const newline = 0x0a;

/** Reads what the scripts publish: an entry, or the beginning of an epoch. */
export const parsePublished = (message: Buffer): LogPage => {
  const lineEnd = message.indexOf(newline);
  if (lineEnd === -1) return { epoch: message.toString("latin1"), last: 0, ended: false, entries: [] };
  const [epoch = "", first, last, ends] = message.toString("latin1", 0, lineEnd).split(" ");
  const entry = { first: Number(first), last: Number(last), ends: isOne(ends), frames: message.subarray(lineEnd + 1) };
  return { epoch, last: entry.last, ended: entry.ends, entries: [entry] };
};
