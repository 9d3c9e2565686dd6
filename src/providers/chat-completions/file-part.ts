import type { FilePart, ImagePart } from "ai";
import { readFileContent, type FileContent } from "../files/file-content.ts";
import { fullMediaType, refuseFile } from "../files/file-media-type.ts";

/** A part of a message's content on the wire. */
export type WirePart = Readonly<Record<string, unknown>> & { readonly type: string };

const audioFormats: Readonly<Record<string, string>> = { "audio/wav": "wav", "audio/mp3": "mp3", "audio/mpeg": "mp3" };

const urlOf = (content: Extract<FileContent, { type: "url" | "base64" }>, mediaType: string): string => {
  if (content.type === "base64") return `data:${fullMediaType(mediaType, content.base64)};base64,${content.base64}`;
  if (!/^https?:\/\//i.test(content.url)) throw refuseFile(mediaType);
  return content.url;
};

const inlinePart = (
  content: Extract<FileContent, { type: "base64" }>,
  mediaType: string,
  filename?: string,
): WirePart => {
  const { base64 } = content;
  const format = audioFormats[mediaType];
  if (format !== undefined) return { type: "input_audio", input_audio: { data: base64, format } };
  if (mediaType.startsWith("text/")) return { type: "text", text: Buffer.from(base64, "base64").toString("utf8") };
  if (mediaType !== "application/pdf") throw refuseFile(mediaType);
  return { type: "file", file: { filename: filename ?? "document.pdf", file_data: urlOf(content, mediaType) } };
};

/**
 * A file as Chat Completions takes it: images and videos by URL, sound, PDF and text inline.
 * @throws NatterError `provider_refused` for a kind of file that the wire format has no place for
 */
export const filePart = (part: FilePart | ImagePart, providerId: string): WirePart => {
  const content = readFileContent(part.type === "image" ? part.image : part.data);
  if (content.type === "text") return { type: "text", text: content.text };
  const told = part.mediaType ?? "image";
  if (content.type === "reference") {
    const id = content.reference[providerId];
    if (typeof id !== "string") throw refuseFile(told);
    return { type: "file", file: { file_id: id } };
  }
  const mediaType = (content.type === "base64" ? content.mediaType : undefined) ?? told;
  if (/^image\b/.test(mediaType)) return { type: "image_url", image_url: { url: urlOf(content, mediaType) } };
  if (/^video\b/.test(mediaType)) return { type: "video_url", video_url: { url: urlOf(content, mediaType) } };
  if (content.type === "url") throw refuseFile(mediaType);
  return inlinePart(content, mediaType, part.type === "file" ? part.filename : undefined);
};
