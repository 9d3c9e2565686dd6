import { NatterError } from "../../foundation/errors.ts";

/** A file in an archive, as the archive's directory says. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** Reads so many bytes from a place of the archive. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

const endLength = 22;
const longestComment = 65_535;
const locatorLength = 20;
const end64Length = 56;
const mostEntries = 200_000;
const mostDirectoryBytes = 67_108_864;

/** What is told of an archive that cannot be read, whatever is wrong with it. */
export const brokenArchive = (cause?: unknown): NatterError =>
  new NatterError("unprocessable", "The archive is broken or cut off; download it again.", { cause });

const numberAt = (bytes: Buffer, at: number): number => {
  const value = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw brokenArchive();
  return value;
};

interface Place {
  readonly count: number;
  readonly length: number;
  readonly offset: number;
}

const findLargePlace = async (read: ReadAt, at: number): Promise<Place> => {
  if (at < 0) throw brokenArchive();
  const locator = await read(at, locatorLength);
  if (locator.readUInt32LE(0) !== 0x0706_4b50) throw brokenArchive();
  const end = await read(numberAt(locator, 8), end64Length);
  if (end.readUInt32LE(0) !== 0x0606_4b50) throw brokenArchive();
  return { count: numberAt(end, 32), length: numberAt(end, 40), offset: numberAt(end, 48) };
};

const findPlace = async (read: ReadAt, size: number): Promise<Place> => {
  const start = Math.max(0, size - endLength - longestComment);
  const tail = await read(start, size - start);
  for (let at = tail.length - endLength; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== 0x0605_4b50 || at + endLength + tail.readUInt16LE(at + 20) > tail.length) continue;
    const place = {
      count: tail.readUInt16LE(at + 10),
      length: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
    const isLarge = place.count === 0xffff || place.length === 0xffff_ffff || place.offset === 0xffff_ffff;
    return isLarge ? findLargePlace(read, start + at - locatorLength) : place;
  }
  throw brokenArchive();
};

/** The 64-bit values of an entry, in the order of those that the header leaves to them. */
const readLargeValues = (extra: Buffer): number[] => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const count = Math.floor(Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4) / 8);
    return Array.from({ length: count }, (_, index) => numberAt(extra, at + 4 + index * 8));
  }
  return [];
};

const readEntry = (directory: Buffer, at: number): { entry: ZipEntry; next: number } => {
  if (directory.readUInt32LE(at) !== 0x0201_4b50) throw brokenArchive();
  const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const large = readLargeValues(directory.subarray(nameEnd, extraEnd));
  const valueAt = (place: number): number => {
    const value = directory.readUInt32LE(place);
    return value === 0xffff_ffff ? (large.shift() ?? value) : value;
  };
  const size = valueAt(at + 24);
  const packed = valueAt(at + 20);
  const offset = valueAt(at + 42);
  const entry = {
    name: directory.toString("utf8", at + 46, nameEnd).replaceAll("\\", "/"),
    method: directory.readUInt16LE(at + 10),
    isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
    crc: directory.readUInt32LE(at + 16),
    packed,
    size,
    offset,
  };
  return { entry, next: extraEnd + directory.readUInt16LE(at + 32) };
};

/**
 * The files of a zip archive (APPNOTE 6.3.10, ZIP64 included), in the order of its directory.
 * @throws NatterError `unprocessable` for a broken or cut off archive, `too_large` for more than 200,000 files
 */
export const readDirectory = async (read: ReadAt, size: number): Promise<ZipEntry[]> => {
  try {
    const { count, length, offset } = await findPlace(read, size);
    if (count > mostEntries || length > mostDirectoryBytes)
      throw new NatterError("too_large", `An archive may hold at most ${mostEntries.toLocaleString("en")} files.`);
    if (offset + length > size) throw brokenArchive();
    const directory = length === 0 ? Buffer.alloc(0) : await read(offset, length);
    const entries: ZipEntry[] = [];
    for (let at = 0; entries.length < count;) {
      const { entry, next } = readEntry(directory, at);
      if (entry.offset + entry.packed > size) throw brokenArchive();
      entries.push(entry);
      at = next;
    }
    return entries;
  } catch (thrown) {
    if (thrown instanceof RangeError) throw brokenArchive(thrown);
    throw thrown;
  }
};
