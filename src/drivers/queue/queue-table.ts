import type { Queue } from "../../ports/queue.ts";
import type { Signals, Unsubscribe } from "../../ports/signals.ts";
import { formatTelling, parseTelling } from "./queue-key.ts";

/**
 * A queue that is only wakes: which completions are due is asked of the completion table. `signals` stays its
 * owner's to close.
 */
export const createTableQueue = ({ signals, pollSeconds }: { signals: Signals; pollSeconds: number }): Queue => {
  const consumers = new Set<Unsubscribe>();
  return {
    push: (key) => signals.publish("work", formatTelling(key)),
    consume: async (wake) => {
      const unsubscribe = await signals.subscribe("work", (payload) => void wake(parseTelling(payload).key));
      const timer = setInterval(() => void wake(), pollSeconds * 1_000).unref();
      const stop = (): void => {
        clearInterval(timer);
        unsubscribe();
        consumers.delete(stop);
      };
      consumers.add(stop);
      void wake();
      return stop;
    },
    close: async () => {
      for (const stop of consumers) stop();
    },
  };
};
