/** A stretch of bytes; both ends are in it, counted from 0, as in HTTP's `Range`. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface StoredBlob {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface Blob {
  /** Size of the whole blob, also where only a range of it is read. */
  readonly bytes: number;
  /** Read once; whoever leaves early must `return()` it, as `for await` does. Rejects when the blob goes meanwhile. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Files by key, the same for all nodes that share it. Keys are the server's own, 12 to 64 characters of `a-z 0-9 -`;
 * anything else rejects with `invalid_request`, so that no key can name a place outside the store.
 */
export interface BlobStore {
  /**
   * Stores what `content` gives. Resolves when it would survive a loss of power; until then, and when it rejects, nobody
   * sees any of it, and nothing of it stays. A blob of that key is replaced, whole. Rejects with `too_large` as soon as
   * there are more than `maxBytes`, with what `content` throws, with `insufficient_storage` when the store is full, or with `unavailable` when it is gone.
   */
  put(key: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<StoredBlob>;
  /** The blob, or a range of it, cut to its end; null when there is none of that key. */
  get(key: string, range?: ByteRange): Promise<Blob | null>;
  /** Forgets a blob; one that is not there is forgotten already. */
  delete(key: string): Promise<void>;
  /** Keys of the blobs that were put before that time, in any order. One put or deleted meanwhile may or may not be among them. */
  list(before: Date): AsyncIterable<string>;
  /** Everything after it rejects with `unavailable`. */
  close(): Promise<void>;
}
