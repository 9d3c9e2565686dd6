/** Calls `paint` once, soon; the returned function takes it back. */
export type SchedulePaint = (paint: () => void) => () => void;

/** A tab in the background gets no animation frames, but its title and its screen reader still want the news. */
const longestWait = 250;

/** Once per animation frame where there are any. */
export const schedulePaint: SchedulePaint = (paint) => {
  const hasFrames = typeof globalThis.requestAnimationFrame === "function";
  let frame: number | undefined;
  const clear = (): void => {
    if (frame !== undefined) globalThis.cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const go = (): void => {
    clear();
    paint();
  };
  const timer = setTimeout(go, hasFrames ? longestWait : 16);
  if (hasFrames) frame = globalThis.requestAnimationFrame(go);
  return clear;
};
