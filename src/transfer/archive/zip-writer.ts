import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";
import { NatterError } from "../../foundation/errors.ts";
import { centralHeader, dataDescriptor, directoryEnd, localHeader, type WrittenEntry } from "./zip-headers.ts";

/** A file of an archive that is being made. */
export interface NewEntry {
  /** With `/` between folders; no two of an archive are the same. */
  readonly name: string;
  readonly modifiedAt: Date;
  readonly content: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
}

const mostBytes = 0xffff_fffe;

interface Sums {
  crc: number;
  size: number;
}

async function* counted(content: NewEntry["content"], sums: Sums): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    sums.crc = crc32(bytes, sums.crc);
    sums.size += bytes.length;
    if (sums.size > mostBytes) throw new NatterError("too_large", "A file of the archive is larger than 4 GB.");
    yield bytes;
  }
}

async function* deflated(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const deflate = createDeflateRaw();
  // a failure of either reaches whoever reads `deflate`
  pipeline(Readable.from(content, { objectMode: true }), deflate, () => {});
  for await (const piece of deflate) if (piece instanceof Uint8Array) yield piece;
}

/** A zip archive (APPNOTE 6.3.10) of these files, made as it is read; only its list of names is kept in memory. */
export async function* writeZip(entries: AsyncIterable<NewEntry>): AsyncGenerator<Uint8Array> {
  const written: WrittenEntry[] = [];
  let offset = 0;
  for await (const { name, modifiedAt, content } of entries) {
    const start = offset;
    const sums = { crc: 0, size: 0 };
    const head = localHeader({ name, modifiedAt });
    yield head;
    let packed = 0;
    for await (const piece of deflated(counted(content, sums))) {
      packed += piece.length;
      yield piece;
    }
    const entry = { name, modifiedAt, crc: sums.crc, size: sums.size, packed, offset: start };
    const tail = dataDescriptor(entry);
    yield tail;
    offset += head.length + packed + tail.length;
    written.push(entry);
  }
  let length = 0;
  for (const entry of written) {
    const header = centralHeader(entry);
    length += header.length;
    yield header;
  }
  yield directoryEnd({ count: written.length, length, offset });
}
