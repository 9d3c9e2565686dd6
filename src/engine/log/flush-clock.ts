/** Decides when chunks that wait are written to the log. */
export interface FlushClock {
  /** Milliseconds. */
  now(): number;
  /** Calls back once, at the end of this turn of the event loop. */
  soon(flush: () => void): void;
  /** Calls back once, when the current window ends; all completions share the windows, so that their writes go out together. */
  atWindow(flush: () => void): void;
  readonly windowMilliseconds: number;
}

export const createFlushClock = (windowMilliseconds = 30): FlushClock => {
  let waiting: (() => void)[] = [];
  const tick = (): void => {
    const due = waiting;
    waiting = [];
    for (const flush of due) flush();
  };
  return {
    windowMilliseconds,
    now: () => performance.now(),
    soon: (flush) => void setImmediate(flush),
    atWindow: (flush) => {
      if (waiting.push(flush) === 1) setTimeout(tick, windowMilliseconds);
    },
  };
};
