import type { FilePart, ImagePart } from "ai";
import { readFileContent } from "../files/file-content.ts";
import { fullMediaType, refuseFile } from "../files/file-media-type.ts";

/** A block of a message's content on the wire. */
export type WireBlock = Readonly<Record<string, unknown>> & { readonly type: string };

type FileSource = Readonly<Record<string, unknown>>;

const isText = (mediaType: string): boolean => /^text\/|^application\/(json|xml)\b/.test(mediaType);

const blockOf = (mediaType: string, source: FileSource, filename: string | undefined): WireBlock =>
  /^image\b/.test(mediaType)
    ? { type: "image", source }
    : { type: "document", source, ...(filename === undefined ? {} : { title: filename }) };

const textSource = (data: string): FileSource => ({ type: "text", media_type: "text/plain", data });

/**
 * A file as Anthropic's Messages take it: images and PDF inline or by URL, texts inline, or whatever was uploaded there.
 * @throws NatterError `provider_refused` for a kind of file that the wire format has no place for
 */
export const fileBlock = (part: FilePart | ImagePart): WireBlock => {
  const content = readFileContent(part.type === "image" ? part.image : part.data);
  const filename = part.type === "file" ? part.filename : undefined;
  const told = part.mediaType ?? "image";
  if (content.type === "text") return blockOf("text/plain", textSource(content.text), filename);
  if (content.type === "reference") {
    const id = content.reference["anthropic"];
    if (typeof id !== "string") throw refuseFile(told);
    return blockOf(told, { type: "file", file_id: id }, filename);
  }
  const mediaType = (content.type === "base64" ? content.mediaType : undefined) ?? told;
  const isReadable = /^image\b/.test(mediaType) || mediaType === "application/pdf";
  if (content.type === "url") {
    if (!isReadable || !/^https?:\/\//i.test(content.url)) throw refuseFile(mediaType);
    return blockOf(mediaType, { type: "url", url: content.url }, filename);
  }
  const { base64 } = content;
  if (isText(mediaType))
    return blockOf(mediaType, textSource(Buffer.from(base64, "base64").toString("utf8")), filename);
  if (!isReadable) throw refuseFile(mediaType);
  const source = { type: "base64", media_type: fullMediaType(mediaType, base64), data: base64 };
  return blockOf(mediaType, source, filename);
};
