const slotCount = 8_192;
const tickMilliseconds = 2;

/** Calls back at a time of `performance.now()`, to 2 ms: one timer for thousands of slow streams. */
export const createTimerWheel = (): ((time: number, callback: () => void) => void) => {
  const slots: (() => void)[][] = Array.from({ length: slotCount }, () => []);
  let current = 0;
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const tick = (): void => {
    const now = Math.floor(performance.now());
    while (current < now) {
      current += 1;
      const due = slots[current % slotCount] ?? [];
      if (due.length === 0) continue;
      slots[current % slotCount] = [];
      waiting -= due.length;
      for (const callback of due) callback();
    }
    if (waiting > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return (time, callback) => {
    if (timer === undefined) {
      current = Math.floor(performance.now()) - 1;
      timer = setInterval(tick, tickMilliseconds);
    }
    const slot = Math.max(current + 1, Math.min(Math.floor(time), current + slotCount - 1));
    slots[slot % slotCount]?.push(callback);
    waiting += 1;
  };
};
