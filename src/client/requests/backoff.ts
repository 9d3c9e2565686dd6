/** Waits; resolves early, never rejects, when `signal` is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const pause: Pause = (milliseconds, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const go = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    signal.addEventListener("abort", go, { once: true });
  });

const first = 250;
const longest = 10_000;

/** Milliseconds to wait before another attempt, doubled each time and spread so that not all come back at once. */
const waitBefore = (attempt: number): number =>
  Math.min(longest, first * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);

/** Waits between attempts, and can be cut short when there is reason to believe that the next will succeed. */
export class Backoff {
  readonly #pause: Pause;
  #attempt = 0;
  #wake = new AbortController();

  constructor(pauseBetween: Pause) {
    this.#pause = pauseBetween;
  }

  reset(): void {
    this.#attempt = 0;
  }

  /** `milliseconds`: as long as the server asked for. */
  async wait(milliseconds?: number): Promise<void> {
    this.#wake = new AbortController();
    await this.#pause(milliseconds ?? waitBefore(this.#attempt), this.#wake.signal);
    this.#attempt += 1;
  }

  hurry(): void {
    this.#attempt = 0;
    this.#wake.abort();
  }
}
