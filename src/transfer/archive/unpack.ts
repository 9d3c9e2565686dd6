import { Unzip, UnzipInflate } from "fflate";
import { NatterError } from "../../foundation/errors.ts";

/** Bytes that a file may come to when it is unpacked. */
const mostBytes = 4_294_967_296;
/** How many times its packed size a file may come to, beyond the first megabytes: text packs ten times at most. */
const mostRatio = 100;
const freeBytes = 67_108_864;
const mostEntries = 100_000;
/** Small steps: what is unpacked of one is in memory together. */
const stepBytes = 16_384;

const bomb = (): NatterError =>
  new NatterError("too_large", "The archive holds far more than its size says; it is not unpacked.");

/** Which entries of an archive are read. */
const isWanted = (name: string): boolean => /(^|\/)conversations\.json$|\.jsonl$/i.test(name);

const isZip = (first: Uint8Array): boolean => first[0] === 0x50 && first[1] === 0x4b;

/**
 * The bytes of an uploaded file: as they are, or of the first entry of a zip archive that holds conversations.
 * @throws NatterError `too_large` for an archive that unpacks to too much, `unprocessable` for a broken one or one without conversations
 */
export async function* unpack(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let packed = 0;
  let unpacked = 0;
  let entries = 0;
  let wanted: string | null = null;
  const unzip = new Unzip((file) => {
    entries += 1;
    if (entries > mostEntries) throw bomb();
    if (isWanted(file.name)) wanted ??= file.name;
    const isRead = wanted === file.name;
    file.ondata = (cause, data) => {
      if (cause) throw cause;
      unpacked += data.length;
      if (unpacked > mostBytes || unpacked > freeBytes + packed * mostRatio) throw bomb();
      if (isRead) pieces.push(data);
    };
    // also what is not read: the unpacker would keep it for later otherwise
    file.start();
  });
  unzip.register(UnzipInflate);
  let isArchive: boolean | null = null;
  for await (const piece of content) {
    isArchive ??= isZip(piece);
    if (!isArchive) yield piece;
    for (let at = 0; isArchive && at < piece.length; at += stepBytes) {
      const step = piece.subarray(at, at + stepBytes);
      packed += step.length;
      try {
        unzip.push(step);
      } catch (cause) {
        if (cause instanceof NatterError) throw cause;
        throw new NatterError("unprocessable", "The archive is broken; download it again.", { cause });
      }
      yield* pieces;
      pieces = [];
    }
  }
  if (isArchive === true && wanted === null)
    throw new NatterError("unprocessable", "The archive holds no conversations.json and no .jsonl file.");
}
