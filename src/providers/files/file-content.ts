import type { FilePart, ImagePart } from "ai";

/** A file's content, told apart: where it is, its bytes, its text, or the provider's own name for it. */
export type FileContent =
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "base64"; readonly base64: string; readonly mediaType: string | undefined }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reference"; readonly reference: Readonly<Record<string, unknown>> };

const dataUrl = /^data:([^;,]*)(?:;[^;,]*)*;base64,/i;

const readString = (content: string): FileContent => {
  const found = dataUrl.exec(content);
  if (found !== null)
    return { type: "base64", base64: content.slice(found[0].length), mediaType: found[1] || undefined };
  return URL.canParse(content)
    ? { type: "url", url: content }
    : { type: "base64", base64: content, mediaType: undefined };
};

const readBytes = (bytes: Uint8Array): FileContent => ({
  type: "base64",
  base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  mediaType: undefined,
});

type Content = FilePart["data"] | ImagePart["image"];
type Tagged = Extract<Content, { type: "data" | "url" | "text" | "reference" }>;

const isTagged = (content: object): content is Tagged =>
  "type" in content && ["data", "url", "text", "reference"].includes(String(content.type));

/** The content of a file or image part in any of the forms that AI SDK 7 allows. */
export const readFileContent = (content: Content): FileContent => {
  if (typeof content === "string") return readString(content);
  if (content instanceof URL) return readString(content.href);
  if (content instanceof Uint8Array) return readBytes(content);
  if (content instanceof ArrayBuffer) return readBytes(new Uint8Array(content));
  if (!isTagged(content)) return { type: "reference", reference: content };
  switch (content.type) {
    case "data":
      return readFileContent(content.data);
    case "url":
      return readString(content.url.href);
    case "text":
      return { type: "text", text: content.text };
    case "reference":
      return { type: "reference", reference: content.reference };
  }
};
