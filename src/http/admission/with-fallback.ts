import { asNatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { RateLimitStore } from "../../ports/rate-limit-store.ts";

/** For so long a store that was away is not asked again: nobody should wait for it with every request. */
const awayMilliseconds = 1_000;

/**
 * Limits that neither open nor close while their store is away: this node counts for itself then, so that somebody can
 * have at most as many times the limit as there are nodes.
 */
export const withFallback = (store: RateLimitStore, own: RateLimitStore, logger: Logger): RateLimitStore => {
  let awayUntil = Number.NEGATIVE_INFINITY;
  return {
    async take(key, rules, cost) {
      if (performance.now() < awayUntil) return own.take(key, rules, cost);
      try {
        return await store.take(key, rules, cost);
      } catch (thrown) {
        const error = asNatterError(thrown);
        if (error.code !== "unavailable") throw error;
        awayUntil = performance.now() + awayMilliseconds;
        logger.warn({ error }, "limits can't be shared now; this node counts for itself");
        return own.take(key, rules, cost);
      }
    },
    forget: async (key) => void (await Promise.all([store.forget(key), own.forget(key)])),
    close: async () => void (await Promise.all([store.close(), own.close()])),
  };
};
