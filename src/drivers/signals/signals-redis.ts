import { createId } from "../../foundation/ids.ts";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { SignalChannel, Signals } from "../../ports/signals.ts";
import { Listeners } from "./listeners.ts";
import { connectRedis, disconnectRedis, type RedisAddress, replyOf } from "../redis/redis-connection.ts";

export type RedisSignalsOptions = RedisAddress & {
  /** Begins every channel's name (default `natter:`). */
  readonly prefix?: string;
  readonly logger?: Logger;
};

/** Signals between nodes over Redis pub/sub. */
export const createRedisSignals = (options: RedisSignalsOptions): Signals => {
  const { prefix = "natter:", logger = silentLogger } = options;
  const instance = createId();
  const listeners = new Listeners<string>(logger);
  const publisher = connectRedis(options, {}, logger);
  const subscriber = connectRedis(options, {}, logger);
  const nameOf = (channel: SignalChannel): string => `${prefix}signal:${channel}`;

  subscriber.on("message", (name, message) => {
    if (!message.startsWith(instance)) listeners.tell(name, message.slice(instance.length));
  });
  return {
    publish: (channel, payload) => {
      listeners.tell(nameOf(channel), payload);
      publisher.publish(nameOf(channel), instance + payload).catch((error: unknown) => {
        logger.warn({ err: error, channel }, "a signal was not published");
      });
    },
    subscribe: async (channel, listener) => {
      await replyOf(subscriber.subscribe(nameOf(channel)));
      return listeners.add(nameOf(channel), listener);
    },
    close: async () => {
      listeners.clear();
      subscriber.disconnect();
      await disconnectRedis(publisher, logger);
    },
  };
};
