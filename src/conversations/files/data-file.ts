import { NatterError } from "../../foundation/errors.ts";
import { checkFile, type CheckedFile } from "./check-file.ts";

/** A file in a message, as AI SDK 7 writes it. */
export interface FilePart {
  readonly type: "file";
  readonly url: string;
  readonly mediaType?: string | undefined;
  readonly filename?: string | undefined;
}

/** A file that came inside a message, checked. */
export interface DataFile extends CheckedFile {
  readonly content: Buffer;
}

/** Bytes of one file, at most, where the operator says nothing else. */
export const maxFileBytes = 10_485_760;

const head = /^data:([^,]*),/;

const malformed = (): NatterError =>
  new NatterError("unprocessable", "The data: URL of a file must be base64 (RFC 4648), without anything else in it.");

const tooLarge = (maxBytes: number): NatterError =>
  new NatterError("too_large", `A file may hold at most ${maxBytes.toLocaleString("en")} bytes.`);

/** Strictly: Node skips what is no base64, and two texts must never be the same file. */
const decode = (base64: string, maxBytes: number): Buffer => {
  if (base64.length > Math.ceil(maxBytes / 3) * 4) throw tooLarge(maxBytes);
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) throw malformed();
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
};

const baseType = (mediaType: string): string => mediaType.split(";")[0]?.trim().toLowerCase() ?? "";

const declaredType = (told: string, mediaType: string | undefined): string => {
  const inUrl = baseType(told);
  const inPart = baseType(mediaType ?? "");
  if (inUrl === "" || inPart === "" || inUrl === inPart) return inPart === "" ? inUrl : inPart;
  throw new NatterError(
    "unsupported_media_type",
    "The file's mediaType and its data: URL name two types; send it under its own.",
  );
};

/** Whether a file is sent along, rather than named. */
export const isDataUrl = (url: string): boolean => /^data:/i.test(url);

/**
 * The file in a part's `data:` URL (RFC 2397).
 * @throws NatterError `unprocessable`, `too_large`, `unsupported_media_type`
 */
export const readDataFile = ({ url, mediaType, filename }: FilePart, maxBytes = maxFileBytes): DataFile => {
  const found = head.exec(url.slice(0, 300).replace(/^data:/i, "data:"));
  const parameters = (found?.[1] ?? "").split(";");
  if (found === null || parameters.at(-1)?.trim().toLowerCase() !== "base64") throw malformed();
  const content = decode(url.slice(found[0].length), maxBytes);
  const declared = declaredType(parameters.length === 1 ? "" : (parameters[0] ?? ""), mediaType);
  return { content, ...checkFile(content, declared, filename) };
};
