/** A statement with its parameters in `$1 …` order; `sql` of `sql-template-tag` makes them. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A PostgreSQL-dialect database. The same statements run on every driver.
 *
 * Parameters: string, number, boolean, Date, null, arrays of strings or numbers; JSON goes in as text that is already
 * serialised (`${JSON.stringify(x)}::jsonb`), so that no driver encodes it twice. Results: `json` and `jsonb` parsed,
 * `int8` as a number, `timestamptz` as a Date, column names as the statement gives them.
 */
export interface Database {
  /**
   * Runs one statement. Inside `transaction` (also from functions that it calls, found by AsyncLocalStorage) it runs
   * in that transaction; otherwise in one of its own. Rejects with the driver's error; `code` is the SQLSTATE.
   */
  query<Row>(statement: Statement): Promise<Row[]>;
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. A call inside another
   * joins the outer one. A failed statement or joined call fails the whole, even if `work` swallows its error. Deadlocks
   * and serialisation failures (40P01, 40001) run `work` again, at most 3 times, so `work` has no effects outside the
   * database.
   */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Runs a script of several statements without parameters, for migrations. */
  script(text: string): Promise<void>;
  /** Runs `work` while nobody else holds the lock of that name; waits for it. Rejects inside a transaction. */
  exclusive<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Ends all connections; statements after it reject. */
  close(): Promise<void>;
}
