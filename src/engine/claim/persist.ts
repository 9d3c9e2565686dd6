import { setTimeout as sleep } from "node:timers/promises";
import { NatterError } from "../../foundation/errors.ts";
import type { EngineDependencies } from "../dependencies.ts";

const retryMilliseconds = [20, 50, 100, 200, 400, 800, 1000];

/** What drivers say of a connection that is gone, SQLSTATE classes 08 (connection), 53 (resources) and 57P (shutdown): another try may succeed. */
const isPassing = (thrown: unknown): boolean => {
  if (thrown instanceof NatterError) return thrown.code === "unavailable";
  if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return false;
  return /^(08|53|57P)/.test(thrown.code);
};

/**
 * Runs a conditional write, again while the database can't be reached. Every write of the engine may be repeated: the
 * second time it finds its own row, or a fence that is not its own any more.
 */
export const persist = async <Result>(
  { io, logger }: Pick<EngineDependencies, "io" | "logger">,
  signal: AbortSignal,
  label: string,
  write: () => Promise<Result>,
): Promise<Result> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await io(label, write);
    } catch (thrown) {
      if (!isPassing(thrown)) throw thrown;
      logger.warn({ label, attempt, err: thrown }, "the database can't be reached; trying again");
      await sleep(retryMilliseconds[Math.min(attempt, retryMilliseconds.length - 1)], undefined, { signal });
    }
  }
};
