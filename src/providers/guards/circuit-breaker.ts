import type { ErrorCode } from "../../foundation/errors.ts";
import type { ModelDriver } from "../../protocol/agent/model.ts";
import { closedCircuit, type Circuit, type CircuitEvent, type CircuitLimits, restOf, stepCircuit } from "./circuit.ts";
import { isProviderError, providerError } from "../errors.ts";

export interface BreakerOptions extends Partial<CircuitLimits> {
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** Told when it opens, tries and closes. */
  readonly onState?: (state: Circuit["state"]) => void;
}

/** What says that a provider is not well, and not that it was asked for something wrong. */
export const isOutage = (thrown: unknown): boolean => isProviderError(thrown) && outages.has(thrown.code);

const outages: ReadonlySet<ErrorCode> = new Set([
  "provider_busy",
  "provider_unreachable",
  "provider_failed",
  "provider_timeout",
]);

/**
 * Spares a provider that is down: after five failures in a row (a success between them resets the count) calls fail at
 * once as `provider_busy` for 15 seconds; then one is let through, which decides.
 */
export const withCircuitBreaker = (driver: ModelDriver, options: BreakerOptions = {}): ModelDriver => {
  const { failures = 5, rest = 15_000, now = () => performance.now(), onState } = options;
  const limits = { failures, rest };
  let circuit = closedCircuit;
  const step = (event: CircuitEvent): void => {
    const { state } = circuit;
    circuit = stepCircuit(circuit, event, now(), limits);
    if (circuit.state !== state) onState?.(circuit.state);
  };
  const assertClosed = (): void => {
    const milliseconds = restOf(circuit, now(), limits);
    if (milliseconds === 0) return;
    const cause = new Error(`the provider failed ${failures} times in a row; it is left alone`);
    throw providerError("provider_busy", cause, { retryAfter: Math.ceil(milliseconds / 1_000) });
  };

  return {
    async stream(call, signal, sink) {
      assertClosed();
      step("begin");
      try {
        const end = await driver.stream(call, signal, (events) => {
          if (circuit !== closedCircuit) step("succeed");
          sink(events);
        });
        step("succeed");
        return end;
      } catch (thrown) {
        if (signal.aborted || !isProviderError(thrown)) step("abort");
        else step(isOutage(thrown) ? "fail" : "succeed");
        throw thrown;
      }
    },
  };
};
