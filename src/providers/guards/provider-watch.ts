import type { Circuit } from "./circuit.ts";
import type { ProviderObserver } from "./observe-calls.ts";

/** How this node fared with a provider since it started. */
export interface ProviderState {
  readonly circuit: Circuit["state"];
  readonly calls: number;
  /** Of those, the ones that ended neither well nor by being stopped. */
  readonly failures: number;
}

/** An observer that remembers what it is told, and tells the next one. */
export interface ProviderWatch extends ProviderObserver {
  /** Of a provider; one that was never heard of is well. */
  state(provider: string): ProviderState;
}

const unheard: ProviderState = { circuit: "closed", calls: 0, failures: 0 };
const harmless: ReadonlySet<string> = new Set(["ok", "stopped"]);

export const createProviderWatch = (next: ProviderObserver): ProviderWatch => {
  const states = new Map<string, ProviderState>();
  const stateOf = (provider: string): ProviderState => states.get(provider) ?? unheard;
  return {
    called(provider, outcome) {
      const { circuit, calls, failures } = stateOf(provider);
      states.set(provider, { circuit, calls: calls + 1, failures: failures + (harmless.has(outcome) ? 0 : 1) });
      next.called(provider, outcome);
    },
    circuit(provider, circuit) {
      states.set(provider, { ...stateOf(provider), circuit });
      next.circuit(provider, circuit);
    },
    state: stateOf,
  };
};
