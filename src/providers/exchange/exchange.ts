/** Takes the body of an answer. What its methods throw fails the exchange. */
export interface BodyReader {
  /** The bytes of one socket read. True: the answer is complete, whatever else the connection brings. */
  read(bytes: Buffer): boolean;
  /** The body ended as HTTP says it should. */
  end(): void;
}

/**
 * One request on its way: over once, by success, by the first failure, or by an abort. Bytes that came before the end
 * or a failure are read before it; after an abort nothing is.
 */
export class Exchange {
  readonly #outcome = Promise.withResolvers<void>();
  readonly #onRead: () => void;
  #isOver = false;
  #chunks: Buffer[] = [];
  #reader: BodyReader | null = null;
  /** Closes the connection of whatever attempt is the current one. */
  close: () => void = () => {};
  /** Called when the answer is complete. */
  onSuccess: () => void = () => {};

  /** `onRead` is told of each socket read. */
  constructor(onRead: () => void) {
    this.#onRead = onRead;
  }

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
      this.#finish();
      this.close();
      this.#outcome.reject(error);
    }
  }

  bytes(chunk: Buffer): void {
    if (this.#isOver) return;
    // the HTTP parser gives all chunks of a socket read in one turn: the tick after it reads them together
    if (this.#chunks.push(chunk) === 1) process.nextTick(this.#read);
  }

  end(): void {
    this.#read();
    this.attempt(() => {
      this.#reader?.end();
      this.succeed();
    });
  }

  succeed(): void {
    this.#finish();
    this.onSuccess();
    this.#outcome.resolve();
  }

  fail(error: unknown): void {
    this.#read();
    this.attempt(() => {
      throw error;
    });
  }

  abort(reason: unknown): void {
    this.#chunks = [];
    this.fail(reason);
  }

  readonly #read = (): void => {
    const chunks = this.#chunks;
    const [first] = chunks;
    if (first === undefined || this.#isOver) return;
    this.#chunks = [];
    this.#onRead();
    this.attempt(() => {
      if (this.#reader?.read(chunks.length === 1 ? first : Buffer.concat(chunks)) === true) this.succeed();
    });
  };

  #finish(): void {
    this.#isOver = true;
    this.#chunks = [];
  }
}
