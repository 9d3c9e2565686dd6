/** When something was seen to begin and to end, in milliseconds since 1970. */
export interface ObservedTime {
  readonly from: number;
  readonly to: number | null;
}

const kept = 2_000;
const times = new Map<string, ObservedTime>();

/**
 * Notes that a thing runs or does not, and answers how long it ran as far as this page has seen it; null when it was over
 * before the page looked.
 */
export const observeTime = (id: string, isRunning: boolean, now = Date.now()): ObservedTime | null => {
  const known = times.get(id);
  if (isRunning === (known !== undefined && known.to === null)) return known ?? null;
  if (known === undefined && !isRunning) return null;
  const next = isRunning ? { from: known?.from ?? now, to: null } : { from: known?.from ?? now, to: now };
  times.set(id, next);
  if (times.size > kept) times.delete(times.keys().next().value ?? id);
  return next;
};
