const minute = 60;
const hour = 3_600;

/** Seconds after each attempt that failed: ten attempts in about three and a half days. */
const delays = [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];

/** Attempts in a row that may fail before a webhook is left alone for a while. */
const patience = 5;
const mostPauseSeconds = 300;

/**
 * When a delivery is tried again; null: not any more.
 * @param tries attempts of this round, the one that has just failed included
 * @param chance 0 to 1: spreads what failed together
 */
export const retryDelay = (tries: number, chance: number): number | null => {
  const delay = delays[tries - 1];
  return delay === undefined ? null : delay * (0.9 + 0.2 * chance);
};

/**
 * For how long a webhook is left alone, so that one that hangs is not asked again and again with everything there is for it.
 * @param failures attempts in a row that have failed
 */
export const pauseAfter = (failures: number): number =>
  failures < patience ? 0 : Math.min(2 ** Math.min(failures - patience, 20), mostPauseSeconds);

/** Days after which a webhook that failed all the time is told nothing more. */
export const mostFailingDays = 5;

/** Attempts that it takes as well: a workspace in which little happens does not lose its webhook by one or two. */
export const fewestFailures = 10;
