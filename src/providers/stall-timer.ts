/** Watches a provider that may fall silent. */
export interface StallTimer {
  /** It said something. */
  heard(): void;
  stop(): void;
}

/** Calls `onStall` once when nothing was heard for so many seconds. Being told costs a clock reading, no new timer. */
export const createStallTimer = (seconds: number, onStall: () => void): StallTimer => {
  const patience = seconds * 1000;
  let heardAt = performance.now();
  const check = (): void => {
    const left = heardAt + patience - performance.now();
    if (left < 1) onStall();
    else timer = setTimeout(check, left);
  };
  let timer = setTimeout(check, patience);
  return {
    heard() {
      heardAt = performance.now();
    },
    stop() {
      clearTimeout(timer);
    },
  };
};
