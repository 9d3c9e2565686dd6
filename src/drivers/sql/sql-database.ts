import { AsyncLocalStorage } from "node:async_hooks";
import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import type { ConnectionPool, SqlConnection } from "./sql-connection.ts";
import { runTransaction } from "./sql-retry.ts";
import type { SqlTransaction } from "./sql-transaction.ts";

export interface SqlDatabaseOptions {
  readonly pool: ConnectionPool;
  /** A transaction that sends nothing for so long is taken to be stuck and rolled back. */
  readonly transactionIdleMilliseconds: number;
}

/** What both PostgreSQL drivers share; each adds its own `exclusive`. */
export interface SqlDatabase extends Omit<Database, "exclusive"> {
  /** Runs `work` with its statements and transactions on that pool. */
  within<Result>(pool: ConnectionPool, work: () => Promise<Result>): Promise<Result>;
  /** Throws `internal` inside a transaction, which may not wait for a lock that its own process holds. */
  assertOutsideTransaction(): void;
}

interface Scope {
  readonly pool: ConnectionPool;
  readonly transaction: SqlTransaction | null;
}

const join = async <Result>(transaction: SqlTransaction, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    transaction.fail(error);
    throw error;
  }
};

const onConnection = async <Result>(
  lender: ConnectionPool,
  send: (connection: SqlConnection) => Promise<Result>,
): Promise<Result> => {
  const connection = await lender.acquire();
  const answer = send(connection);
  lender.release(connection, answer);
  return answer;
};

/** The `Database` port over a pool of connections. */
export const createSqlDatabase = ({ pool, transactionIdleMilliseconds }: SqlDatabaseOptions): SqlDatabase => {
  const scopes = new AsyncLocalStorage<Scope>();

  const send = <Result>(statement: (to: SqlConnection | SqlTransaction) => Promise<Result>): Promise<Result> => {
    const scope = scopes.getStore();
    return scope?.transaction ? statement(scope.transaction) : onConnection(scope?.pool ?? pool, statement);
  };

  return {
    query: (statement) => send((to) => to.query(statement)),
    script: (text) => send((to) => to.script(text)),
    transaction: (work) => {
      const scope = scopes.getStore();
      if (scope?.transaction) return join(scope.transaction, work);
      const lender = scope?.pool ?? pool;
      return runTransaction({
        lender,
        idleMilliseconds: transactionIdleMilliseconds,
        work: (transaction) => scopes.run({ pool: lender, transaction }, work),
      });
    },
    within: (inner, work) => scopes.run({ pool: inner, transaction: null }, work),
    assertOutsideTransaction: () => {
      if (scopes.getStore()?.transaction) {
        throw new NatterError("internal", "A lock cannot be taken inside a transaction");
      }
    },
    close: () => pool.close(),
  };
};
