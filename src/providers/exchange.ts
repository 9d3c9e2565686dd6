/** Takes the body of an answer. What its methods throw fails the exchange. */
export interface BodyReader {
  /** Bytes as they come. True: the answer is complete, whatever else the connection brings. */
  bytes(chunk: Buffer): boolean;
  /** Everything of one socket read was given to `bytes`. Also called before a failure, but not after an abort. */
  flush(): void;
  /** The body ended as HTTP says it should. */
  end(): void;
}

/** One request on its way: over once, by success, by the first failure, or by an abort. */
export class Exchange {
  readonly #outcome = Promise.withResolvers<void>();
  #isOver = false;
  #isFlushDue = false;
  #reader: BodyReader | null = null;
  /** Closes the connection of whatever attempt is the current one. */
  close: () => void = () => {};

  get over(): Promise<void> {
    return this.#outcome.promise;
  }

  attach(reader: BodyReader): void {
    this.#reader = reader;
  }

  /** Takes a step unless all is over; what it throws is the failure. */
  attempt(step: () => void): void {
    if (this.#isOver) return;
    try {
      step();
    } catch (error) {
      this.fail(error);
    }
  }

  bytes(chunk: Buffer): void {
    if (!this.#isFlushDue) {
      // all chunks of a socket read are parsed in one turn: the tick after it flushes them together
      this.#isFlushDue = true;
      process.nextTick(this.#flush);
    }
    this.attempt(() => {
      if (this.#reader?.bytes(chunk) === true) this.succeed();
    });
  }

  end(): void {
    this.attempt(() => {
      this.#reader?.end();
      this.succeed();
    });
  }

  succeed(): void {
    this.#finish(this.#outcome.resolve);
  }

  fail(error: unknown): void {
    this.#finish(() => {
      this.close();
      this.#outcome.reject(error);
    });
  }

  /** Over at once: nothing more reaches the reader. */
  abort(reason: unknown): void {
    this.#reader = null;
    this.fail(reason);
  }

  readonly #flush = (): void => {
    this.#isFlushDue = false;
    this.attempt(() => this.#reader?.flush());
  };

  #finish(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#reader?.flush();
    } catch (error) {
      this.#outcome.reject(error);
    }
    settle();
  }
}
