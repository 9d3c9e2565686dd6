export interface Repetition {
  /** Ends it; resolves when the last time is over. */
  stop(): Promise<void>;
}

/** Does something now and then again `milliseconds` after it was done, until stopped. */
export const repeat = (
  milliseconds: number,
  work: () => Promise<void>,
  onError: (thrown: unknown) => void,
): Repetition => {
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  let current = Promise.resolve();
  const turn = (): void => {
    current = work()
      .catch(onError)
      .then(() => {
        if (!isStopped) timer = setTimeout(turn, milliseconds);
      });
  };
  turn();
  return {
    async stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      await current;
    },
  };
};
