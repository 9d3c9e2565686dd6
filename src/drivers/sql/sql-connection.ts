import type { Statement } from "../../ports/database.ts";

/** One session of a PostgreSQL server. Statements run in the order in which they are given, without waiting for answers. */
export interface SqlConnection {
  /** Rejects with the server's error, or `unavailable` when the session is lost. */
  query<Row>(statement: Statement): Promise<Row[]>;
  /** Several statements without parameters, sent as one text; they may change what tables hold. */
  script(text: string): Promise<void>;
  begin(): Promise<void>;
  end(outcome: "commit" | "rollback"): Promise<void>;
  /**
   * Names the session: null while there is none. It changes when the session is lost, and with it every open
   * transaction, lock and setting.
   */
  session(): number | null;
  close(): Promise<void>;
}

/** How a pool is used. */
export interface PoolUsage {
  readonly inUse: number;
  /** Borrowers who find none free. */
  readonly waiting: number;
  /** Connections that it opens at most. */
  readonly size: number;
}

/** Connections that are lent one at a time, in the order of asking. */
export interface ConnectionPool {
  acquire(): SqlConnection | Promise<SqlConnection>;
  /** Gives it back; the next borrower gets it when `settled` does, or at once where the connection keeps the order. */
  release(connection: SqlConnection, settled: Promise<unknown>): void;
  usage(): PoolUsage;
  /** Waits for what is lent, then closes; `acquire` rejects from now on. */
  close(): Promise<void>;
}
