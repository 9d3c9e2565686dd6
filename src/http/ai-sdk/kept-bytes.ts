/** Pieces of a body that are kept, up to a limit. */
export class KeptBytes {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether there was more than the limit; nothing is kept then. */
  get isOver(): boolean {
    return this.#size > this.#maxBytes;
  }

  add(piece: Uint8Array): void {
    this.#size += piece.byteLength;
    if (this.isOver) this.#pieces = [];
    else if (piece.byteLength > 0) this.#pieces.push(piece);
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}
