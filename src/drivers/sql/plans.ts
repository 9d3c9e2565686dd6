const firstAfter = 100;

/**
 * When the plans that a session keeps are to be made anew: after 100 statements, then each time after twice as many. A
 * plan of a new database's first moments was made for empty tables, where all indexes cost the same, and would read whole
 * workspaces until statistics are made.
 */
export class PlanAge {
  #statements = 0;
  #next = firstAfter;

  /** Counts a statement. True: plans are to be made anew before it. */
  isOver(): boolean {
    this.#statements += 1;
    if (this.#statements < this.#next) return false;
    this.#next *= 2;
    return true;
  }
}

/** What the server is told then; statements stay prepared. */
export const forgetPlans = "discard plans";

/**
 * How a transaction begins. What runs in one is asked by keys, for which one plan serves all values: left to choose, the
 * server compares with what a plan for one value cost when the tables were small, and plans a claim anew each time, which
 * takes longer than the claim.
 */
export const begin = "begin; set local plan_cache_mode = force_generic_plan";
