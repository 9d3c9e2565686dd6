import { NatterError } from "../../foundation/errors.ts";
import type { Statement } from "../../ports/database.ts";
import type { SqlConnection } from "./sql-connection.ts";

/** An open transaction on one connection. */
export interface SqlTransaction {
  query<Row>(statement: Statement): Promise<Row[]>;
  script(text: string): Promise<void>;
  /** From now on it can only be rolled back; the first reason is kept. */
  fail(error: unknown): void;
  /** Rejects once nothing was asked of it for `idleMilliseconds`; never resolves. */
  readonly stuck: Promise<never>;
  /** Waits for statements that nobody awaited; rejects with the first failure. */
  finish(): Promise<void>;
  /** Statements reject from now on. True while the server still holds the transaction, so that it needs an end. */
  end(): boolean;
}

const endedError = (): NatterError =>
  new NatterError("internal", "This transaction has ended; a statement of its work was not awaited");

const lostError = (): NatterError =>
  new NatterError("unavailable", "The connection to the database was lost within a transaction; try again");

const stuckError = (milliseconds: number): NatterError =>
  new NatterError("timeout", `A transaction did nothing for ${milliseconds / 1_000} s and was rolled back`);

const watchIdleness = (limit: number, isBusy: () => boolean) => {
  const stuck = Promise.withResolvers<never>();
  stuck.promise.catch(() => {});
  let active = performance.now();
  const check = (): void => {
    const idle = isBusy() ? 0 : performance.now() - active;
    if (idle >= limit) return stuck.reject(stuckError(limit));
    timer = setTimeout(check, limit - idle).unref();
  };
  let timer = setTimeout(check, limit).unref();
  return {
    promise: stuck.promise,
    touch: () => {
      active = performance.now();
    },
    stop: () => clearTimeout(timer),
  };
};

const createSqlTransaction = (connection: SqlConnection, idleMilliseconds: number): SqlTransaction => {
  const session = connection.session();
  let failure: { readonly error: unknown } | null = null;
  let open = 0;
  let ended = false;
  let settled: PromiseWithResolvers<void> | null = null;
  const idleness = watchIdleness(idleMilliseconds, () => open > 0);

  const fail = (error: unknown): void => {
    failure ??= { error };
  };

  const run = async <Result>(send: () => Promise<Result>): Promise<Result> => {
    if (ended) throw endedError();
    open += 1;
    try {
      if (connection.session() !== session) throw lostError();
      return await send();
    } catch (error) {
      fail(error);
      throw error;
    } finally {
      open -= 1;
      idleness.touch();
      if (open === 0) settled?.resolve();
    }
  };

  return {
    query: (statement) => run(() => connection.query(statement)),
    script: (text) => run(() => connection.script(text)),
    fail,
    stuck: idleness.promise,
    finish: async () => {
      if (open > 0) {
        settled = Promise.withResolvers();
        await settled.promise;
      }
      if (connection.session() !== session) fail(lostError());
      if (failure) throw failure.error;
    },
    end: () => {
      ended = true;
      idleness.stop();
      return connection.session() === session;
    },
  };
};

/** Begins a transaction; nothing else may be sent on the connection until it has ended. */
export const beginSqlTransaction = async (
  connection: SqlConnection,
  idleMilliseconds: number,
): Promise<SqlTransaction> => {
  const begun = connection.begin();
  // In an open session the first statement leaves in the same packet; one that opens now may still fail by itself.
  if (connection.session() === null) await begun;
  const transaction = createSqlTransaction(connection, idleMilliseconds);
  begun.catch((error: unknown) => transaction.fail(error));
  return transaction;
};
