import { setTimeout as wait } from "node:timers/promises";

/** Resolves after so many milliseconds; rejects with the signal's reason when aborted. Tests give their own. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (milliseconds, signal) => {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  }
};
