import type { ModelDriver } from "../../protocol/agent/model.ts";

/** Lets at most `limit` calls through at a time; the others wait in the order in which they came, until they are aborted. */
export const withConcurrency = (driver: ModelDriver, limit: number): ModelDriver => {
  const waiting = new Set<() => void>();
  let running = 0;

  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (running < limit) {
      running += 1;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const leave = (): void => {
      waiting.delete(turn.resolve);
      turn.reject(signal.reason);
    };
    waiting.add(turn.resolve);
    signal.addEventListener("abort", leave, { once: true });
    await turn.promise.finally(() => signal.removeEventListener("abort", leave));
  };

  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    // its place passes on
    waiting.delete(next);
    next();
  };

  return {
    async stream(call, signal, sink) {
      await enter(signal);
      try {
        return await driver.stream(call, signal, sink);
      } finally {
        leave();
      }
    },
  };
};
