import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { Signals } from "../../ports/signals.ts";
import { Listeners } from "./listeners.ts";

/** Signals within this process. */
export const createMemorySignals = ({ logger = silentLogger }: { logger?: Logger } = {}): Signals => {
  const listeners = new Listeners<string>(logger);
  let isClosed = false;
  return {
    publish: (channel, payload) => listeners.tell(channel, payload),
    subscribe: async (channel, listener) => (isClosed ? () => {} : listeners.add(channel, listener)),
    close: async () => {
      isClosed = true;
      listeners.clear();
    },
  };
};
