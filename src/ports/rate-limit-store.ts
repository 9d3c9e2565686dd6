/** So many units in each window of so many seconds. A window begins with the first unit that is taken in it. */
export interface RateRule {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Where one rule stands after a `take`. */
export interface RateStanding {
  readonly rule: RateRule;
  /** Units that may still be taken in this window. */
  readonly remaining: number;
  /** Seconds until the window is over and all of `limit` is there again; `windowSeconds` when none has begun. */
  readonly resetSeconds: number;
}

export interface RateOutcome {
  readonly isAllowed: boolean;
  /** In the order of the rules. */
  readonly standings: readonly RateStanding[];
}

/**
 * Counts what is taken per key, for all nodes that share the store. What it holds may be lost at any time (a restart,
 * an eviction): then every window begins anew. It never decides about money: budgets are rows.
 */
export interface RateLimitStore {
  /**
   * Takes `cost` units (default 1) from every rule of the key, or, when one of them has too few left, from none: takes
   * of the same key never see each other half done, on whatever node. Cost 0 takes nothing and tells the standing.
   * Windows run by the store's clock, never by a node's. Two rules of a key with equal `windowSeconds` are one window.
   * Rejects with `unavailable` within a second when the store can't be reached: the caller decides what that means.
   */
  take(key: string, rules: readonly RateRule[], cost?: number): Promise<RateOutcome>;
  /** Gives the key all of its units back. */
  forget(key: string): Promise<void>;
  /** Afterwards `take` and `forget` reject with `unavailable`. */
  close(): Promise<void>;
}
