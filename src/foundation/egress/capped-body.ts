import { Transform, type Readable, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { NatterError } from "../errors.ts";

const decoderOf = (encoding: string): Transform | null => {
  switch (encoding) {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      throw new NatterError("provider_failed", `The server answered in the encoding "${encoding.slice(0, 40)}".`);
  }
};

/** Lets so many bytes through, then fails. */
const createCap = (maxBytes: number): Transform => {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback: TransformCallback) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        callback(new NatterError("too_large", `The server's answer is larger than ${maxBytes} bytes.`));
      else callback(null, chunk);
    },
  });
};

/**
 * A body as it is read: decompressed, and ended with an error once it is larger than `maxBytes`, counted after
 * decompression. Ending it closes its source.
 * @throws NatterError `provider_failed` for an encoding that is not read
 */
export const cappedBody = (source: Readable, encoding: string, maxBytes: number): Readable => {
  const decoder = decoderOf(encoding.trim().toLowerCase());
  const cap = createCap(maxBytes);
  const steps = decoder === null ? [source, cap] : [source, decoder, cap];
  // the error reaches the reader through `cap`
  pipeline(steps, () => {});
  return cap;
};
