import { AsyncLocalStorage } from "node:async_hooks";

interface CallScope {
  readonly signal: AbortSignal;
  /** Ends the call: its answer will not come. */
  fail(reason: unknown): void;
}

const scope = new AsyncLocalStorage<CallScope>();

/** The call that a request is sent for, if it is sent for one. */
export const currentCall = (): CallScope | undefined => scope.getStore();

/** Runs what sends one call: its requests end with it, and it ends when its answer breaks off. */
export const inCallScope = async <Result>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const broken = new AbortController();
  const joined = AbortSignal.any([signal, broken.signal]);
  try {
    return await scope.run({ signal: joined, fail: (reason) => broken.abort(reason) }, () => work(joined));
  } catch (thrown) {
    throw broken.signal.aborted ? broken.signal.reason : thrown;
  }
};
