import { NatterError } from "../../foundation/errors.ts";
import { checkFileName } from "./file-name.ts";
import { checkImageSize } from "./image-size.ts";
import { mediaTypeOf } from "./media-type.ts";

/** What is true of a file, whatever was said of it. */
export interface CheckedFile {
  readonly mediaType: string;
  readonly fileName: string | null;
}

/**
 * Looks into a file: its type is what is in it, its name one that any system takes, and a picture of it fits in memory.
 * @throws NatterError `unprocessable`, `unsupported_media_type`
 */
export const checkFile = (content: Buffer, declared: string | undefined, name: string | undefined): CheckedFile => {
  if (content.length === 0) throw new NatterError("unprocessable", "The file is empty.");
  const mediaType = mediaTypeOf(content, declared);
  const size = checkImageSize(content, mediaType);
  if (size === "too-large")
    throw new NatterError("unprocessable", "The image has too many pixels; send it in at most 16,384 by 8,192.");
  if (size === "unreadable") throw new NatterError("unsupported_media_type", "The image is damaged or cut off.");
  return { mediaType, fileName: checkFileName(name) };
};
