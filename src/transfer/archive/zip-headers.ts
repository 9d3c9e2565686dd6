/** What stands before each file of an archive. */
export interface EntryName {
  readonly name: string;
  readonly modifiedAt: Date;
}

export interface WrittenEntry extends EntryName {
  readonly crc: number;
  readonly size: number;
  readonly packed: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const deflateMethod = 8;
/** Sizes follow the content (bit 3); the name is UTF-8 (bit 11). */
const flags = 0x0808;
const plainVersion = 20;
const zip64Version = 45;
/** Stands for a number that the 64-bit field beside it holds. */
const elsewhere32 = 0xffff_ffff;
const elsewhere16 = 0xffff;

type Field = readonly [bytes: 2 | 4 | 8, value: number];

const packed = (...fields: readonly Field[]): Buffer => {
  const buffer = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) buffer.writeUInt16LE(value, at);
    else if (bytes === 4) buffer.writeUInt32LE(value, at);
    else buffer.writeBigUInt64LE(BigInt(value), at);
    at += bytes;
  }
  return buffer;
};

const timeFields = (time: Date): [Field, Field] => {
  const year = Math.min(Math.max(time.getUTCFullYear(), 1980), 2107);
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return [
    [2, clock],
    [2, ((year - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()],
  ];
};

export const localHeader = ({ name, modifiedAt }: EntryName): Buffer => {
  const bytes = Buffer.from(name);
  return Buffer.concat([
    packed([4, 0x0403_4b50], [2, plainVersion], [2, flags], [2, deflateMethod], ...timeFields(modifiedAt)),
    packed([4, 0], [4, 0], [4, 0], [2, bytes.length], [2, 0]),
    bytes,
  ]);
};

export const dataDescriptor = ({ crc, packed: packedSize, size }: WrittenEntry): Buffer =>
  packed([4, 0x0807_4b50], [4, crc], [4, packedSize], [4, size]);

export const centralHeader = ({ name, modifiedAt, crc, packed: packedSize, size, offset }: WrittenEntry): Buffer => {
  const bytes = Buffer.from(name);
  const isFar = offset >= elsewhere32;
  const extra = isFar ? packed([2, 1], [2, 8], [8, offset]) : Buffer.alloc(0);
  const readableByAll = (0o100644 << 16) >>> 0;
  return Buffer.concat([
    packed([4, 0x0201_4b50], [2, 0x0314], [2, isFar ? zip64Version : plainVersion], [2, flags], [2, deflateMethod]),
    packed(...timeFields(modifiedAt), [4, crc], [4, packedSize], [4, size], [2, bytes.length], [2, extra.length]),
    packed([2, 0], [2, 0], [2, 0], [4, readableByAll], [4, isFar ? elsewhere32 : offset]),
    bytes,
    extra,
  ]);
};

export interface DirectoryPlace {
  readonly count: number;
  readonly length: number;
  readonly offset: number;
}

/** What an archive ends with; in its 64-bit form where numbers need it. */
export const directoryEnd = ({ count, length, offset }: DirectoryPlace): Buffer => {
  const isLarge = count >= elsewhere16 || offset >= elsewhere32 || length >= elsewhere32;
  const end64 = packed(
    ...([
      [4, 0x0606_4b50],
      [8, 44],
      [2, zip64Version],
      [2, zip64Version],
      [4, 0],
      [4, 0],
    ] as const),
    ...([
      [8, count],
      [8, count],
      [8, length],
      [8, offset],
    ] as const),
  );
  const locator = packed([4, 0x0706_4b50], [4, 0], [8, offset + length], [4, 1]);
  const [shownCount, shownLength, shownOffset] = isLarge
    ? [elsewhere16, elsewhere32, elsewhere32]
    : [count, length, offset];
  const end = packed(
    ...([
      [4, 0x0605_4b50],
      [2, 0],
      [2, 0],
      [2, shownCount],
      [2, shownCount],
    ] as const),
    ...([
      [4, shownLength],
      [4, shownOffset],
      [2, 0],
    ] as const),
  );
  return isLarge ? Buffer.concat([end64, locator, end]) : end;
};
