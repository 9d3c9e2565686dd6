import type { ErrorCode } from "../../foundation/errors.ts";
import type { ModelDriver } from "../../protocol/agent/model.ts";
import { isProviderError } from "../errors.ts";
import { sleep as realSleep, type Sleep } from "./sleep.ts";

export interface RetryOptions {
  /** Calls in all, the first one counted. */
  readonly attempts?: number;
  /** Milliseconds before the first retry, at most; doubled for each next one. */
  readonly delay?: number;
  /** Seconds of a provider's `Retry-After` above which nobody waits: the failure is told at once. */
  readonly patience?: number;
  readonly random?: () => number;
  readonly sleep?: Sleep;
}

const passing: ReadonlySet<ErrorCode> = new Set(["provider_busy", "provider_unreachable", "provider_failed"]);

/**
 * Calls a model again when a call failed for a reason that may pass (busy, unreachable, 5xx), as long as it has said
 * nothing: never after an event. Waits as long as `Retry-After` asks, else between half and all of the delay.
 */
export const withRetry = (driver: ModelDriver, options: RetryOptions = {}): ModelDriver => {
  const { attempts = 3, delay = 500, patience = 20, random = Math.random, sleep = realSleep } = options;
  /** Milliseconds until the next attempt; null: there is none. */
  const pause = (thrown: unknown, attempt: number): number | null => {
    if (attempt >= attempts || !isProviderError(thrown) || !passing.has(thrown.code)) return null;
    const { retryAfter } = thrown;
    if (retryAfter !== undefined && retryAfter > patience) return null;
    return Math.max((retryAfter ?? 0) * 1000, delay * 2 ** (attempt - 1) * (0.5 + random() / 2));
  };
  return {
    async stream(call, signal, sink) {
      for (let attempt = 1; ; attempt += 1) {
        let hasSpoken = false;
        try {
          return await driver.stream(call, signal, (events) => {
            hasSpoken = true;
            sink(events);
          });
        } catch (thrown) {
          signal.throwIfAborted();
          const milliseconds = hasSpoken ? null : pause(thrown, attempt);
          if (milliseconds === null) throw thrown;
          await sleep(milliseconds, signal);
        }
      }
    },
  };
};
