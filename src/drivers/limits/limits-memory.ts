import { NatterError } from "../../foundation/errors.ts";
import type { RateLimitStore, RateOutcome, RateRule } from "../../ports/rate-limit-store.ts";

export interface MemoryLimitsOptions {
  /** Milliseconds that only grow: `performance.now`, by default. */
  readonly now?: () => number;
  /** Windows that are remembered; beyond it those that began first are forgotten (default 100,000). */
  readonly windowsAtMost?: number;
}

interface Window {
  used: number;
  readonly endsAt: number;
}

/** How many of the oldest windows are looked at per take: more than can be added, so that what is over goes. */
const sweptPerTake = 4;

class MemoryLimits implements RateLimitStore {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;
  readonly #atMost: number;
  #isClosed = false;

  constructor({ now = () => performance.now(), windowsAtMost = 100_000 }: MemoryLimitsOptions) {
    this.#now = now;
    this.#atMost = windowsAtMost;
  }

  async take(key: string, rules: readonly RateRule[], cost = 1): Promise<RateOutcome> {
    this.#assertOpen();
    const now = this.#now();
    this.#sweep(now);
    const isAllowed = rules.every((rule) => this.#used(key, rule, now) + cost <= rule.limit);
    if (isAllowed && cost > 0) {
      for (const seconds of new Set(rules.map(({ windowSeconds }) => windowSeconds)))
        this.#add(key, seconds, cost, now);
    }
    return { isAllowed, standings: rules.map((rule) => this.#standing(key, rule, now)) };
  }

  async forget(key: string): Promise<void> {
    this.#assertOpen();
    for (const name of this.#windows.keys()) if (name.slice(name.indexOf(" ") + 1) === key) this.#windows.delete(name);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#windows.clear();
  }

  #find(key: string, windowSeconds: number, now: number): Window | undefined {
    const window = this.#windows.get(`${windowSeconds} ${key}`);
    return window !== undefined && window.endsAt > now ? window : undefined;
  }

  #used(key: string, { windowSeconds }: RateRule, now: number): number {
    return this.#find(key, windowSeconds, now)?.used ?? 0;
  }

  #add(key: string, windowSeconds: number, cost: number, now: number): void {
    const window = this.#find(key, windowSeconds, now);
    if (window !== undefined) {
      window.used += cost;
      return;
    }
    const name = `${windowSeconds} ${key}`;
    this.#windows.delete(name);
    this.#windows.set(name, { used: cost, endsAt: now + windowSeconds * 1_000 });
  }

  #standing(key: string, rule: RateRule, now: number) {
    const window = this.#find(key, rule.windowSeconds, now);
    return {
      rule,
      remaining: Math.max(0, rule.limit - (window?.used ?? 0)),
      resetSeconds:
        window === undefined ? rule.windowSeconds : Math.min(rule.windowSeconds, (window.endsAt - now) / 1_000),
    };
  }

  /** The oldest windows that are over go, and as many as there are too many. */
  #sweep(now: number): void {
    let looked = 0;
    for (const [name, window] of this.#windows) {
      if (looked >= sweptPerTake && this.#windows.size <= this.#atMost) return;
      looked += 1;
      if (window.endsAt <= now || this.#windows.size > this.#atMost) this.#windows.delete(name);
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new NatterError("unavailable", "The limits are closed; the server is shutting down.");
  }
}

/** Counts in this process: with several nodes each counts for itself. */
export const createMemoryLimits = (options: MemoryLimitsOptions = {}): RateLimitStore => new MemoryLimits(options);
