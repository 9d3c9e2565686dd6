import { NatterError } from "../../foundation/errors.ts";
import type { SqlConnection } from "./sql-connection.ts";

export interface WaitingLine {
  /** Resolves with the connection that `serve` was given when its turn had come. */
  join(): Promise<SqlConnection>;
  /** Gives it to the one who has waited for longest; false when nobody waits. */
  serve(connection: SqlConnection): boolean;
  /** How many are in it. */
  waiting(): number;
}

const exhaustedError = (): NatterError =>
  new NatterError("unavailable", "All connections to the database are busy; try again in a moment.", { retryAfter: 1 });

/** Those who wait for a connection, in the order of asking; who has waited longer than `patienceMilliseconds` is turned away. */
export const createWaitingLine = (patienceMilliseconds: number | undefined): WaitingLine => {
  const waiting = new Set<PromiseWithResolvers<SqlConnection>>();

  return {
    join: () => {
      const turn = Promise.withResolvers<SqlConnection>();
      waiting.add(turn);
      if (patienceMilliseconds === undefined) return turn.promise;
      const leave = (): void => {
        waiting.delete(turn);
        turn.reject(exhaustedError());
      };
      const timer = setTimeout(leave, patienceMilliseconds).unref();
      return turn.promise.finally(() => clearTimeout(timer));
    },
    serve: (connection) => {
      const [first] = waiting;
      if (first === undefined) return false;
      waiting.delete(first);
      first.resolve(connection);
      return true;
    },
    waiting: () => waiting.size,
  };
};
