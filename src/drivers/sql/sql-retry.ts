import { setTimeout as wait } from "node:timers/promises";
import type { ConnectionPool, SqlConnection } from "./sql-connection.ts";
import { beginSqlTransaction, type SqlTransaction } from "./sql-transaction.ts";

export interface TransactionRun<Result> {
  readonly lender: ConnectionPool;
  readonly idleMilliseconds: number;
  readonly work: (transaction: SqlTransaction) => Promise<Result>;
}

const maximumRetries = 3;

// serialization_failure and deadlock_detected: the server asks for the whole transaction again
const retriable = new Set<unknown>(["40001", "40P01"]);

const isRetriable = (error: unknown): boolean => error instanceof Error && "code" in error && retriable.has(error.code);

const begin = async (lender: ConnectionPool, connection: SqlConnection, idle: number): Promise<SqlTransaction> => {
  const beginning = beginSqlTransaction(connection, idle);
  beginning.catch(() => lender.release(connection, beginning));
  return beginning;
};

const perform = async <Result>(transaction: SqlTransaction, { work }: TransactionRun<Result>): Promise<Result> => {
  const result = await Promise.race([work(transaction), transaction.stuck]);
  await transaction.finish();
  return result;
};

const attempt = async <Result>(run: TransactionRun<Result>): Promise<Result> => {
  const { lender, idleMilliseconds } = run;
  const connection = await lender.acquire();
  const transaction = await begin(lender, connection, idleMilliseconds);
  const [outcome] = await Promise.allSettled([perform(transaction, run)]);
  const isDone = outcome.status === "fulfilled";
  const ending = transaction.end() ? connection.end(isDone ? "commit" : "rollback") : Promise.resolve();
  lender.release(connection, ending);
  // The first failure is the one to tell: a rollback fails only when its session is gone, which rolls back as well.
  await (isDone ? ending : Promise.allSettled([ending]));
  if (!isDone) throw outcome.reason;
  return outcome.value;
};

/** Runs `work` in a transaction on a connection of `lender`; again, three times at most, when the server asks for it. */
export const runTransaction = async <Result>(run: TransactionRun<Result>): Promise<Result> => {
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt(run);
    } catch (error) {
      if (retries === maximumRetries || !isRetriable(error)) throw error;
      await wait(Math.random() * 20 * (retries + 1));
    }
  }
};
