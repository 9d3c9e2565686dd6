import type { ModelDriver } from "../../protocol/agent/model.ts";
import { isOutage } from "./circuit-breaker.ts";

/** Another model, which answers where the one asked for can't. */
export interface Fallback {
  /** `<provider id>/<model id>`. */
  readonly model: string;
  readonly driver: ModelDriver;
}

/**
 * Asks the next model when one is busy, unreachable, failing or too slow and has said nothing yet. The end names the
 * model that answered, where it was another; when none did, the failure is the first one's.
 */
export const withFallback = (driver: ModelDriver, fallbacks: () => readonly Fallback[]): ModelDriver => ({
  async stream(call, signal, sink) {
    let first: unknown;
    for (const candidate of [{ model: call.model, driver }, ...fallbacks()]) {
      let hasSpoken = false;
      try {
        const end = await candidate.driver.stream({ ...call, model: candidate.model }, signal, (events) => {
          hasSpoken = true;
          sink(events);
        });
        return candidate.model === call.model ? end : { ...end, model: candidate.model };
      } catch (thrown) {
        signal.throwIfAborted();
        if (hasSpoken || !isOutage(thrown)) throw first ?? thrown;
        first ??= thrown;
      }
    }
    throw first;
  },
});
