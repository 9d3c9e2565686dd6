import { deflateSync } from "node:zlib";

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const chunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([uint32(data.length), Buffer.from(type, "latin1"), data, uint32(0)]);

/** A PNG that says it has this size; `filler` bytes of noise make it large. Its checksums are wrong, which only a decoder would see. */
export const pngOf = (width: number, height: number, filler: Uint8Array = new Uint8Array(0)): Buffer =>
  Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 2, 0, 0, 0])])),
    chunk("IDAT", filler.length === 0 ? deflateSync(Buffer.alloc(64)) : Buffer.from(filler)),
    chunk("IEND", Buffer.alloc(0)),
  ]);

/** A JPEG's headers, with an application segment before the frame header. */
export const jpegOf = (width: number, height: number): Buffer => {
  const side = (value: number): number[] => [value >> 8, value & 0xff];
  return Buffer.from(
    [
      [0xff, 0xd8, 0xff, 0xe0, 0x00, 0x04, 0x4a, 0x46],
      [0xff, 0xff, 0xc0, 0x00, 0x0b, 0x08, ...side(height), ...side(width), 0x01, 0x01, 0x11, 0x00],
      [0xff, 0xd9],
    ].flat(),
  );
};

export const gifOf = (width: number, height: number): Buffer => {
  const head = Buffer.from("GIF89a\0\0\0\0\0\0\0;", "latin1");
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  return head;
};

export const pdf = Buffer.from("%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n<script>alert(1)</script>");

/** The `data:` URL of bytes. */
export const dataUrl = (mediaType: string, bytes: Uint8Array): string =>
  `data:${mediaType};base64,${Buffer.from(bytes).toString("base64")}`;
