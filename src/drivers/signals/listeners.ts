import type { Logger } from "../../foundation/logger.ts";
import type { Unsubscribe } from "../../ports/signals.ts";

type Listener<Value> = (value: Value) => void;

/** Who in this process listens to which key. One that throws is logged and stops nobody else. */
export class Listeners<Value> {
  readonly #logger: Logger;
  readonly #onUnused: (key: string) => void;
  readonly #byKey = new Map<string, Set<{ readonly listener: Listener<Value> }>>();

  constructor(logger: Logger, onUnused: (key: string) => void = () => {}) {
    this.#logger = logger;
    this.#onUnused = onUnused;
  }

  add(key: string, listener: Listener<Value>): Unsubscribe {
    const entry = { listener };
    const entries = this.#byKey.get(key);
    if (entries === undefined) this.#byKey.set(key, new Set([entry]));
    else entries.add(entry);
    return () => this.#remove(key, entry);
  }

  #remove(key: string, entry: { readonly listener: Listener<Value> }): void {
    const entries = this.#byKey.get(key);
    if (entries?.delete(entry) !== true || entries.size > 0) return;
    this.#byKey.delete(key);
    this.#onUnused(key);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  keys(): string[] {
    return [...this.#byKey.keys()];
  }

  tell(key: string, value: Value): void {
    const entries = this.#byKey.get(key);
    if (entries === undefined) return;
    for (const { listener } of entries) {
      try {
        listener(value);
      } catch (error) {
        this.#logger.error({ err: error, key }, "a listener failed");
      }
    }
  }

  clear(): void {
    this.#byKey.clear();
  }
}
