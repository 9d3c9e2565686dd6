import type { Backlog } from "../completions/backlog.ts";
import type { Logger } from "../foundation/logger.ts";

const patienceMilliseconds = 2_000;
/** Whoever scrapes more often than that is shown the same again. */
const freshMilliseconds = 1_000;

const within = async <Value>(milliseconds: number, work: Promise<Value>): Promise<Value> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
};

/** Asks the database at most once a second. Null: it does not answer, which is told in the log. */
export const createBacklogReader = (
  read: () => Promise<Backlog>,
  logger: Logger,
  now: () => number = () => performance.now(),
): (() => Promise<Backlog | null>) => {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<Backlog | null> = Promise.resolve(null);
  return () => {
    if (now() - asked < freshMilliseconds) return answer;
    asked = now();
    answer = within(patienceMilliseconds, read()).catch((err: unknown) => {
      logger.warn({ err }, "metrics go without those of the database, which does not answer");
      return null;
    });
    return answer;
  };
};
