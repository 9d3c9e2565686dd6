import { NatterError } from "../../foundation/errors.ts";
import type { ConnectionPool, SqlConnection } from "./sql-connection.ts";
import { createWaitingLine } from "./sql-waiting-line.ts";

export interface PoolOptions {
  readonly size: number;
  /** Whether the next borrower may send before the one before has its answers: safe where all of them share one order. */
  readonly pipelined: boolean;
  /** A borrower who has waited for so long gets `unavailable` instead: never, by default. */
  readonly patienceMilliseconds?: number | undefined;
  readonly create: () => SqlConnection;
}

const closedError = (): NatterError => new NatterError("unavailable", "The database is closed");

/** A pool that opens connections when they are needed and prefers the one used last, whose statements are prepared. */
export const createConnectionPool = ({
  size,
  pipelined,
  create,
  patienceMilliseconds,
}: PoolOptions): ConnectionPool => {
  const all: SqlConnection[] = [];
  const idle: SqlConnection[] = [];
  const line = createWaitingLine(patienceMilliseconds);
  let closing: PromiseWithResolvers<void> | null = null;

  const finishClosing = (): void => {
    if (!closing || idle.length < all.length) return;
    Promise.all(all.map((connection) => connection.close())).then(() => closing?.resolve(), closing.reject);
  };

  const free = (connection: SqlConnection): void => {
    if (line.serve(connection)) return;
    idle.push(connection);
    finishClosing();
  };

  return {
    acquire: () => {
      if (closing) return Promise.reject(closedError());
      const connection = idle.pop();
      if (connection) return connection;
      if (all.length < size) {
        const created = create();
        all.push(created);
        return created;
      }
      return line.join();
    },
    release: (connection, settled) => {
      const release = (): void => free(connection);
      if (pipelined) release();
      else settled.then(release, release);
    },
    usage: () => ({ inUse: all.length - idle.length, waiting: line.waiting(), size }),
    close: () => {
      if (!closing) {
        closing = Promise.withResolvers();
        finishClosing();
      }
      return closing.promise;
    },
  };
};

/** The pool of work that runs on one session: an exclusive section, whose lock that session holds. */
export const createSessionPool = (connection: SqlConnection): ConnectionPool => {
  const session = connection.session();
  const pool = createConnectionPool({ size: 1, pipelined: false, create: () => connection });
  const assertSession = (lent: SqlConnection): SqlConnection => {
    if (lent.session() === session) return lent;
    pool.release(lent, Promise.resolve());
    throw new NatterError("unavailable", "The connection that held the lock was lost; try again");
  };
  return { ...pool, acquire: async () => assertSession(await pool.acquire()) };
};
