import { NatterError } from "../../foundation/errors.ts";

interface Kind {
  readonly type: string;
  /** Other names under which such a file may be sent; it keeps the one it was sent under. */
  readonly also?: readonly string[];
  /** Names that mean the same; it gets ours. */
  readonly same?: readonly string[];
  readonly isIn: (bytes: Buffer) => boolean;
}

const begins = (signature: string) => {
  const expected = Buffer.from(signature, "latin1");
  return (bytes: Buffer): boolean => bytes.subarray(0, expected.length).equals(expected);
};

const isRiff =
  (form: string) =>
  (bytes: Buffer): boolean =>
    begins("RIFF")(bytes) && bytes.toString("latin1", 8, 12) === form;

/** The brands of an ISO base media file (ISO/IEC 14496-12). */
const brandsOf = (bytes: Buffer): string[] => {
  if (bytes.toString("latin1", 4, 8) !== "ftyp") return [];
  const box = bytes.toString("latin1", 8, Math.min(bytes.readUInt32BE(0), 128));
  return box.match(/.{4}/gs) ?? [];
};

const isBranded =
  (...brands: readonly string[]) =>
  (bytes: Buffer): boolean =>
    brandsOf(bytes).some((brand) => brands.includes(brand));

const isMp3 = (bytes: Buffer): boolean =>
  begins("ID3")(bytes) || (bytes[0] === 0xff && [0xfb, 0xf3, 0xf2].includes(bytes[1] ?? 0));

const kinds: readonly Kind[] = [
  { type: "image/png", isIn: begins("\x89PNG\r\n\x1a\n") },
  { type: "image/jpeg", same: ["image/jpg", "image/pjpeg"], isIn: begins("\xff\xd8\xff") },
  { type: "image/gif", isIn: (bytes) => begins("GIF87a")(bytes) || begins("GIF89a")(bytes) },
  { type: "image/webp", isIn: isRiff("WEBP") },
  { type: "image/avif", isIn: isBranded("avif", "avis") },
  { type: "application/pdf", same: ["application/x-pdf"], isIn: begins("%PDF-") },
  { type: "audio/wav", same: ["audio/x-wav", "audio/wave", "audio/vnd.wave"], isIn: isRiff("WAVE") },
  { type: "audio/mpeg", same: ["audio/mp3"], isIn: isMp3 },
  { type: "audio/flac", same: ["audio/x-flac"], isIn: begins("fLaC") },
  { type: "audio/ogg", also: ["video/ogg", "application/ogg"], isIn: begins("OggS") },
  { type: "video/webm", also: ["audio/webm"], isIn: begins("\x1a\x45\xdf\xa3") },
  {
    type: "video/mp4",
    also: ["audio/mp4"],
    same: ["audio/x-m4a", "audio/m4a"],
    isIn: isBranded("isom", "iso2", "mp41", "mp42", "avc1", "M4A ", "M4V "),
  },
];

const octets = "application/octet-stream";
const textual =
  /^text\/[\w.+-]+$|^application\/([\w.-]*(json|xml|yaml|javascript|typescript|sql|toml|x-sh)|[\w.-]+\+(json|xml|yaml))$|^image\/svg\+xml$/;

const decoder = new TextDecoder("utf-8", { fatal: true });

const isText = (bytes: Buffer): boolean => {
  if (bytes.includes(0)) return false;
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    // no text: that is the answer
    return false;
  }
};

const contradiction = (declared: string): NatterError =>
  new NatterError(
    "unsupported_media_type",
    `The file is sent as ${declared.slice(0, 80).replaceAll(/[^\w.+/*-]/g, "?")}, but what is in it is something else; send it under its own type.`,
  );

const fits = (declared: string, type: string): boolean =>
  declared === "" || declared === octets || declared === type || declared === `${type.split("/")[0]}/*`;

/** Raster images, which browsers may show by themselves. */
export const rasterImages: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/** Whether a file is to be read as text, whatever it is called. */
export const isTextual = (mediaType: string): boolean => textual.test(mediaType);

/**
 * The media type of a file by what is in it. What it was declared as decides only between names of the same content.
 * @throws NatterError `unsupported_media_type` for a type that the content contradicts, or content of no known type
 */
export const mediaTypeOf = (bytes: Buffer, declaredAs: string | undefined): string => {
  const declared = (declaredAs ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const kind = kinds.find(({ isIn }) => isIn(bytes));
  if (kind !== undefined) {
    if (fits(declared, kind.type) || kind.same?.includes(declared) === true) return kind.type;
    if (kind.also?.includes(declared) === true) return declared;
    throw contradiction(declared);
  }
  if (!isText(bytes)) {
    if (declared !== "" && declared !== octets && (isTextual(declared) || kinds.some(({ type }) => type === declared)))
      throw contradiction(declared);
    throw new NatterError(
      "unsupported_media_type",
      "Files of this type are not taken; images, PDF, sound, video and text are.",
    );
  }
  if (declared === "" || declared === octets) return "text/plain";
  if (!isTextual(declared)) throw contradiction(declared);
  return declared;
};
