import type { Result } from "ioredis";
import type { AppendOutcome } from "../../ports/chunk-log.ts";

/** `[epoch, last, ended]`, or null when the log has a higher fence. */
type HeadReply = [epoch: string, last: string, ended: string] | null;

/** Positions and flags are decimal texts; an entry is `[first, last, ends, frames]`. */
export type PageReply =
  | [epoch: Buffer, last: Buffer, ended: Buffer, entries: [first: Buffer, last: Buffer, ends: Buffer, frames: Buffer][]]
  | null;

declare module "ioredis" {
  interface RedisCommander<Context> {
    logOpen(
      head: string,
      chunks: string,
      fence: number,
      epoch: string,
      fresh: 0 | 1,
      abandonedMilliseconds: number,
    ): Result<HeadReply, Context>;
    logAppend(
      head: string,
      chunks: string,
      fence: number,
      first: number,
      last: number,
      ends: 0 | 1,
      frames: Buffer,
      retentionMilliseconds: number,
      abandonedMilliseconds: number,
    ): Result<[outcome: AppendOutcome, epoch: string], Context>;
    logReadBuffer(head: string, chunks: string, from: number, maxBytes: number): Result<PageReply, Context>;
  }
}

const open = `
local head = redis.call('HMGET', KEYS[1], 'epoch', 'last', 'ended', 'fence')
if head[1] and tonumber(head[4]) > tonumber(ARGV[1]) then return false end
if head[1] and ARGV[3] == '0' then
  redis.call('HSET', KEYS[1], 'fence', ARGV[1])
  if head[3] == '0' then
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    redis.call('PEXPIRE', KEYS[2], ARGV[4])
  end
  return {head[1], head[2], head[3]}
end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'last', '0', 'ended', '0', 'fence', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', KEYS[2], ARGV[2])
return {ARGV[2], '0', '0'}`;

const append = `
local head = redis.call('HMGET', KEYS[1], 'epoch', 'last', 'ended', 'fence')
local fence, first, last, ends, frames = unpack(ARGV)
if not head[1] then return {'missing', ''} end
if tonumber(fence) < tonumber(head[4]) then return {'fenced', ''} end
if tonumber(first) <= tonumber(head[2]) then
  local stored = redis.call('XRANGE', KEYS[2], last .. '-0', last .. '-0')[1]
  if stored and stored[2][2] == first and stored[2][4] == ends and stored[2][6] == frames then
    return {'ok', head[1]}
  end
end
if head[3] == '1' then return {'ended', ''} end
if tonumber(first) ~= tonumber(head[2]) + 1 then return {'gap', ''} end
redis.call('XADD', KEYS[2], last .. '-0', 'first', first, 'ends', ends, 'frames', frames)
redis.call('HSET', KEYS[1], 'last', last, 'ended', ends)
if ends == '1' then
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
elseif head[2] == '0' then
  redis.call('PEXPIRE', KEYS[2], ARGV[7])
end
redis.call('PUBLISH', KEYS[2], head[1] .. ' ' .. first .. ' ' .. last .. ' ' .. ends .. '\\n' .. frames)
return {'ok', head[1]}`;

const read = `
local head = redis.call('HMGET', KEYS[1], 'epoch', 'last', 'ended')
if not head[1] then return false end
local entries, from, room = {}, ARGV[1] .. '-0', tonumber(ARGV[2])
while room do
  local batch = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', 16)
  for _, item in ipairs(batch) do
    local fields = item[2]
    room = room - #fields[6]
    if room < 0 and #entries > 0 then room = nil break end
    entries[#entries + 1] = {fields[2], string.match(item[1], '%d+'), fields[4], fields[6]}
    from = '(' .. item[1]
  end
  if #batch < 16 then room = nil end
end
return {head[1], head[2], head[3], entries}`;

/**
 * A log is two keys in one cluster slot: `head`, a hash of epoch, last position, ended and fence; `chunks`, a stream
 * whose entries are named `<last position>-0`. Whoever adds to `chunks` publishes it on the channel of that name, in
 * the same script: `<epoch> <first> <last> <ends>\n<frames>`, or `<epoch>` alone when an epoch begins.
 */
export const logScripts = {
  logOpen: { lua: open, numberOfKeys: 2 },
  logAppend: { lua: append, numberOfKeys: 2 },
  logRead: { lua: read, numberOfKeys: 2 },
};
