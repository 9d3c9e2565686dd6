/** Does works so many at a time; the others wait in the order in which they came. */
export type TakeTurns = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const createTurns = (atMost: number): TakeTurns => {
  const waiting: (() => void)[] = [];
  let free = atMost;
  const enter = (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
};
