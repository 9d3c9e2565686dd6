interface Size {
  readonly width: number;
  readonly height: number;
}

const maxSide = 16_384;
const maxPixels = 2 ** 27;

const readPng = (bytes: Buffer): Size | null =>
  bytes.toString("latin1", 12, 16) === "IHDR"
    ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    : null;

const colorTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** The screen, or the first frame where that reaches beyond it: decoders make room for either (GIF89a, 18 to 22). */
const readGif = (bytes: Buffer): Size => {
  const screen = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  let at = 13 + colorTableBytes(bytes[10] ?? 0);
  // extensions come before it, each a chain of blocks that ends with an empty one
  while (bytes[at] === 0x21) {
    at += 2;
    while ((bytes[at] ?? 0) !== 0) at += 1 + (bytes[at] ?? 0);
    at += 1;
  }
  if (bytes[at] !== 0x2c || at + 9 > bytes.length) return screen;
  const [left, top] = [bytes.readUInt16LE(at + 1), bytes.readUInt16LE(at + 3)];
  return {
    width: Math.max(screen.width, left + bytes.readUInt16LE(at + 5)),
    height: Math.max(screen.height, top + bytes.readUInt16LE(at + 7)),
  };
};

const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const readJpeg = (bytes: Buffer): Size | null => {
  for (let at = 2; at + 9 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (isFrameHeader(marker)) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    // fill bytes and markers without a length
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
};

const readWebp = (bytes: Buffer): Size | null => {
  switch (bytes.toString("latin1", 12, 16)) {
    case "VP8X":
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case "VP8L": {
      const packed = bytes.readUInt32LE(21);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
};

/** The largest of the sizes that the file's boxes name (`ispe`, ISO/IEC 23008-12): tiles have theirs too. */
const readAvif = (bytes: Buffer): Size | null => {
  let largest: Size | null = null;
  for (let at = bytes.indexOf("ispe"); at !== -1 && at + 16 <= bytes.length; at = bytes.indexOf("ispe", at + 4)) {
    const size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (largest === null || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
};

const readers: Readonly<Record<string, (bytes: Buffer) => Size | null>> = {
  "image/png": readPng,
  "image/gif": readGif,
  "image/jpeg": readJpeg,
  "image/webp": readWebp,
  "image/avif": readAvif,
};

/**
 * Whether an image may be shown: `too-large` for one that would fill the memory of whoever decodes it, `unreadable` when
 * it does not say how large it is. Files that are no raster image are `ok`. Only the headers are read.
 */
export const checkImageSize = (bytes: Buffer, mediaType: string): "ok" | "too-large" | "unreadable" => {
  const read = readers[mediaType];
  if (read === undefined) return "ok";
  let size: Size | null;
  try {
    size = read(bytes);
  } catch (thrown) {
    // it ends before its header does
    if (!(thrown instanceof RangeError)) throw thrown;
    return "unreadable";
  }
  if (size === null || size.width === 0 || size.height === 0) return "unreadable";
  const isLarge = Math.max(size.width, size.height) > maxSide || size.width * size.height > maxPixels;
  return isLarge ? "too-large" : "ok";
};
