import { asNatterError } from "../../foundation/errors.ts";
import type { ModelDriver } from "../../protocol/agent/model.ts";
import type { Circuit } from "./circuit.ts";

/** Told of every call that goes out to a provider: repeated ones count again, those that were never made do not. */
export interface ProviderObserver {
  /** `outcome`: `ok`, `stopped`, or the code of the error. */
  called(provider: string, outcome: string): void;
  /** The provider's circuit breaker. */
  circuit(provider: string, state: Circuit["state"]): void;
}

export const silentProviderObserver: ProviderObserver = { called: () => {}, circuit: () => {} };

export const withObserver = (driver: ModelDriver, provider: string, observer: ProviderObserver): ModelDriver => ({
  async stream(call, signal, sink) {
    try {
      const end = await driver.stream(call, signal, sink);
      observer.called(provider, "ok");
      return end;
    } catch (thrown) {
      observer.called(provider, signal.aborted ? "stopped" : asNatterError(thrown).code);
      throw thrown;
    }
  },
});
