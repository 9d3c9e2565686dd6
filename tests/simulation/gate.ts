import type { Io } from "../../src/foundation/io.ts";

/** What can happen to the effect that is chosen next. */
export type Fate = "pass" | "crash-before" | "crash-after";

interface Held {
  readonly owner: string;
  readonly label: string;
  pass(): Promise<void>;
  /** The effect happens; its owner dies before it learns of it. */
  passUnseen(): Promise<void>;
}

/** Holds every effect of every worker until the schedule lets it pass. A dead worker's effects stay held for ever. */
export class Gate {
  readonly #dead = new Set<string>();
  #held: Held[] = [];
  /** Effects that passed, as `worker label`; printed when an invariant breaks. */
  readonly trace: string[] = [];

  /** The gate as one worker sees it. `open` names labels that only wrap other effects. */
  ioOf(owner: string, open: ReadonlySet<string>): Io {
    return (label, effect) => {
      if (open.has(label)) return effect();
      return new Promise((resolve, reject) => {
        if (this.#dead.has(owner)) return;
        const pass = async (): Promise<void> => {
          this.trace.push(`${owner} ${label}`);
          await effect().then(resolve, reject);
        };
        const passUnseen = async (): Promise<void> => {
          this.trace.push(`${owner} ${label} and dies`);
          await effect().catch(() => {});
        };
        this.#held.push({ owner, label, pass, passUnseen });
      });
    };
  }

  get waiting(): number {
    return this.#held.length;
  }

  isDead(owner: string): boolean {
    return this.#dead.has(owner);
  }

  kill(owner: string): void {
    this.#dead.add(owner);
    this.#held = this.#held.filter((effect) => effect.owner !== owner);
  }

  /** Lets the effect at `index` (modulo what waits) meet its fate, then waits until everybody is at the gate again. */
  async release(index: number, fate: Fate): Promise<void> {
    const [effect] = this.#held.splice(index % this.#held.length, 1);
    if (effect === undefined) return;
    if (fate === "pass") await effect.pass();
    else if (fate === "crash-after") await effect.passUnseen();
    else this.trace.push(`${effect.owner} dies before ${effect.label}`);
    if (fate !== "pass") this.kill(effect.owner);
    await this.settle();
  }

  /** Everything between two effects is microtasks: a turn or two of the event loop and it is over. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
