/** Where a viewer is to stop before the end of a log, once somebody knows. */
export class FollowLimit {
  #position: number | null = null;
  #listener = (): void => {};

  /** Whether a viewer that has everything up to this position has all that it is to see. */
  isReached(position: number): boolean {
    return this.#position !== null && position >= this.#position;
  }

  set(position: number): void {
    this.#position = position;
    this.#listener();
  }

  /** Calls it after each change; there is one listener. */
  onSet(listener: () => void): void {
    this.#listener = listener;
  }
}
