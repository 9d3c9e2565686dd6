import { setTimeout as sleep } from "node:timers/promises";
import { NatterError } from "../foundation/errors.ts";

// a connection that was ended in the pool, and a short restart
const retryMilliseconds = [10, 25, 50, 100, 200, 400, 800];

const isUnavailable = (thrown: unknown): boolean => thrown instanceof NatterError && thrown.code === "unavailable";

/** Does again, for about 1.5 s, what may be done twice and failed only because the database could not be reached. */
export const whileUnavailable = async <Result>(work: () => Promise<Result>, isOver: () => boolean): Promise<Result> => {
  for (const milliseconds of retryMilliseconds) {
    try {
      return await work();
    } catch (thrown) {
      if (!isUnavailable(thrown) || isOver()) throw thrown;
      await sleep(milliseconds);
    }
  }
  return work();
};
