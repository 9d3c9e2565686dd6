const burst = 120;
const perSecond = 30;
const bytesPerFrame = 262_144;

/** How many frames a socket may send: a burst at first and after quiet, then so many a second; a large one counts as several. */
export class FrameBudget {
  readonly #now: () => number;
  #left = burst;
  #at: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#at = now();
  }

  /** False: too many. */
  take(bytes: number): boolean {
    const now = this.#now();
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    this.#left -= 1 + Math.floor(bytes / bytesPerFrame);
    return this.#left >= 0;
  }
}
