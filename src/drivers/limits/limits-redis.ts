import type { Redis, Result } from "ioredis";
import { NatterError } from "../../foundation/errors.ts";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { RateLimitStore, RateOutcome, RateRule } from "../../ports/rate-limit-store.ts";
import { connectRedis, disconnectRedis, type RedisAddress, replyOf } from "../redis/redis-connection.ts";

export type RedisLimitsOptions = RedisAddress & {
  /** Begins every key (default `natter:`). */
  readonly prefix?: string;
  readonly logger?: Logger;
};

/** `1` or `0`, then for each rule what is used and the milliseconds to the end of its window, or a negative number. */
type TakeReply = readonly number[];

declare module "ioredis" {
  interface RedisCommander<Context> {
    limitTake(key: string, cost: number, ...limitsAndMilliseconds: number[]): Result<TakeReply, Context>;
  }
}

// A key is a hash: per length of a window what is used, and when it ends by the clock of Redis.
const take = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local cost, allowed, reply, windows = tonumber(ARGV[1]), 1, {}, {}
for at = 2, #ARGV, 2 do
  local limit, length = tonumber(ARGV[at]), ARGV[at + 1]
  local window = windows[length]
  if not window then
    local stored = redis.call('HMGET', KEYS[1], length .. ':used', length .. ':end')
    window = {used = tonumber(stored[1] or '0'), ends = tonumber(stored[2] or '0')}
    if window.ends <= now then window = {used = 0, ends = 0} end
    windows[length] = window
  end
  if window.used + cost > limit then allowed = 0 end
end
local last = 0
for length, window in pairs(windows) do
  if allowed == 1 and cost > 0 then
    if window.ends == 0 then window.ends = now + tonumber(length) end
    window.used = window.used + cost
    redis.call('HSET', KEYS[1], length .. ':used', window.used, length .. ':end', string.format('%.0f', window.ends))
  end
  if window.ends > last then last = window.ends end
end
if allowed == 1 and cost > 0 then redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last)) end
reply[1] = allowed
for at = 2, #ARGV, 2 do
  local window = windows[ARGV[at + 1]]
  reply[#reply + 1] = window.used
  reply[#reply + 1] = window.ends == 0 and -1 or window.ends - now
end
return reply`;

const answerMilliseconds = 500;

const outcomeOf = ([allowed, ...numbers]: TakeReply, rules: readonly RateRule[]): RateOutcome => ({
  isAllowed: allowed === 1,
  standings: rules.map((rule, index) => {
    const [used = 0, left = -1] = numbers.slice(2 * index);
    return {
      rule,
      remaining: Math.max(0, rule.limit - used),
      resetSeconds: left < 0 ? rule.windowSeconds : left / 1_000,
    };
  }),
});

/** Counts in Redis, for all nodes. One script per take; a key goes when its last window is over. */
export const createRedisLimits = (options: RedisLimitsOptions): RateLimitStore => {
  const { prefix = "natter:", logger = silentLogger } = options;
  const scripts = { limitTake: { lua: take, numberOfKeys: 1 } };
  const redis: Redis = connectRedis(options, { scripts, commandTimeout: answerMilliseconds }, logger);
  const nameOf = (key: string): string => `${prefix}limit:{${key}}`;
  let isClosed = false;
  const assertOpen = (): void => {
    if (isClosed) throw new NatterError("unavailable", "The limits are closed; the server is shutting down.");
  };
  return {
    take: async (key, rules, cost = 1) => {
      assertOpen();
      const numbers = rules.flatMap(({ limit, windowSeconds }) => [limit, Math.ceil(windowSeconds * 1_000)]);
      return outcomeOf(await replyOf(redis.limitTake(nameOf(key), cost, ...numbers)), rules);
    },
    forget: async (key) => {
      assertOpen();
      await replyOf(redis.del(nameOf(key)));
    },
    close: async () => {
      isClosed = true;
      await disconnectRedis(redis, logger);
    },
  };
};
