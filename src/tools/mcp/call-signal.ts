import { AsyncLocalStorage } from "node:async_hooks";

const callSignal = new AsyncLocalStorage<AbortSignal>();

/** Runs what sends one call; its requests end with the call, so that a stopped one holds no socket. */
export const withCallSignal = <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> =>
  callSignal.run(signal, work);

/** A request's own signal, joined with that of the call it is sent for. */
export const joinCallSignal = (own: AbortSignal | null | undefined): AbortSignal | undefined => {
  const call = callSignal.getStore();
  const signals = [own, call].filter((signal) => signal !== undefined && signal !== null);
  return signals.length === 0 ? undefined : AbortSignal.any(signals);
};
