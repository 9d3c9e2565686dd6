import { pipeline, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { crc32, createInflateRaw } from "node:zlib";
import { NatterError } from "../../foundation/errors.ts";
import type { BlobStore, ByteRange } from "../../ports/blob-store.ts";
import { brokenArchive, readDirectory, type ZipEntry } from "./zip-directory.ts";

/** A zip archive in the blob store, read by its directory: any file of it at any time, none of them unpacked to a disk. */
export interface ZipArchive {
  readonly entries: readonly ZipEntry[];
  /**
   * What is in a file of it, checked against size and checksum while it is read.
   * @throws NatterError `unprocessable` for a damaged one, `too_large` when the archive unpacks to far more than it holds
   */
  read(entry: ZipEntry): AsyncGenerator<Uint8Array>;
}

/** How many times its packed size an archive may come to, beyond the first megabytes: text packs ten times at most. */
const mostRatio = 100;
const freeBytes = 67_108_864;
const headerLength = 30;
const storedMethod = 0;
const deflateMethod = 8;

const damaged = (cause?: unknown): NatterError =>
  new NatterError("unprocessable", "This file of the archive is damaged.", { cause });

const bomb = (): NatterError =>
  new NatterError("too_large", "The archive holds far more than its size says; it is not unpacked.");

const readRange = async (blobs: BlobStore, key: string, range: ByteRange): Promise<AsyncIterable<Uint8Array>> => {
  const blob = await blobs.get(key, range);
  if (blob === null) throw new NatterError("unprocessable", "The archive went while it was read; upload it again.");
  return blob.content;
};

async function* inflated(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  // a failure of either reaches whoever reads `inflate`
  pipeline(Readable.from(content), inflate, () => {});
  for await (const piece of inflate) if (piece instanceof Uint8Array) yield piece;
}

async function* unpacked(packed: AsyncIterable<Uint8Array>, { method }: ZipEntry): AsyncGenerator<Uint8Array> {
  try {
    yield* method === deflateMethod ? inflated(packed) : packed;
  } catch (thrown) {
    const isOfZlib = thrown instanceof Error && "code" in thrown && /^(Z_|ERR_ZLIB)/.test(String(thrown.code));
    throw isOfZlib ? damaged(thrown) : thrown;
  }
}

const requireReadable = ({ method, isEncrypted }: ZipEntry): void => {
  if (isEncrypted) throw new NatterError("unprocessable", "This file of the archive is encrypted.");
  if (method !== storedMethod && method !== deflateMethod)
    throw new NatterError("unprocessable", "This file of the archive is packed in a way that is not known here.");
};

/**
 * Opens an uploaded archive.
 * @throws NatterError `unprocessable`, `too_large`
 */
export const openZip = async (blobs: BlobStore, key: string, size: number): Promise<ZipArchive> => {
  const readAt = async (offset: number, length: number): Promise<Buffer> => {
    if (length <= 0 || offset < 0 || offset + length > size) throw brokenArchive();
    return buffer(await readRange(blobs, key, { first: offset, last: offset + length - 1 }));
  };
  const entries = await readDirectory(readAt, size);
  let total = 0;
  const contentOf = async (entry: ZipEntry): Promise<AsyncIterable<Uint8Array>> => {
    const head = await readAt(entry.offset, headerLength);
    if (head.readUInt32LE(0) !== 0x0403_4b50) throw damaged();
    const first = entry.offset + headerLength + head.readUInt16LE(26) + head.readUInt16LE(28);
    if (first + entry.packed > size) throw damaged();
    if (entry.packed === 0) return Readable.from([]);
    return readRange(blobs, key, { first, last: first + entry.packed - 1 });
  };
  return {
    entries,
    async *read(entry) {
      requireReadable(entry);
      let crc = 0;
      let bytes = 0;
      for await (const piece of unpacked(await contentOf(entry), entry)) {
        bytes += piece.length;
        total += piece.length;
        if (total > freeBytes + size * mostRatio) throw bomb();
        if (bytes > entry.size) throw damaged();
        crc = crc32(piece, crc);
        yield piece;
      }
      if (bytes !== entry.size || crc !== entry.crc) throw damaged();
    },
  };
};
