import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/sdk/types.js";
import { gateText } from "../../foundation/text-gate.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import type { ContentPiece } from "../content-result.ts";
import { completed, failed } from "../results.ts";

/** Characters of a result that a model reads, at most. */
const maxCharacters = 100_000;
/** Of an error: it is the server's own words. */
const maxErrorCharacters = 2_000;
/** Characters of base64 that a result may carry, all files together. */
const maxFileCharacters = 700_000;

/** Texts, pictures and files of one result, at most. */
const maxPieces = 200;

/** A text within its size, with a marker where it was cut. */
const capText = (text: string, most: number): string => {
  const gated = gateText(text);
  if (gated.length <= most) return gated;
  const cut = gated.slice(0, most).toWellFormed();
  return `${cut}\n[Cut here: ${(gated.length - most).toLocaleString("en")} more characters were left out.]`;
};

const mediaType = /^[a-z]+\/[\w.+-]{1,100}$/i;
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

const filePart = (data: string, type: string | undefined, filename?: string): ContentPiece => {
  if (data.length > maxFileCharacters) return { type: "text", text: `[A file was left out: it is too large.]` };
  if (!base64.test(data)) return { type: "text", text: "[A file was left out: it is not in base64.]" };
  return {
    type: "file",
    mediaType: type !== undefined && mediaType.test(type) ? type : "application/octet-stream",
    data: { type: "data", data },
    ...(filename === undefined ? {} : { filename: filename.slice(0, 255) }),
  };
};

/** A link stays a text: nothing is fetched because a server named it. */
const partOf = (block: ContentBlock): ContentPiece => {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text };
    case "image":
    case "audio":
      return filePart(block.data, block.mimeType);
    case "resource_link":
      return { type: "text", text: `[${block.name}](${block.uri})` };
    case "resource":
      return "text" in block.resource
        ? { type: "text", text: block.resource.text }
        : filePart(block.resource.blob, block.resource.mimeType, block.resource.uri.split("/").at(-1));
  }
};

const isText = (part: ContentPiece): part is Extract<ContentPiece, { type: "text" }> => part.type === "text";

/** Texts within one size together, files within another; what is beyond is named. */
const cappedParts = (parts: readonly ContentPiece[]): ContentPiece[] => {
  let characters = maxCharacters;
  let files = maxFileCharacters;
  return parts.map((part): ContentPiece => {
    if (isText(part)) {
      const text = capText(part.text, Math.max(0, characters));
      characters -= part.text.length;
      return { type: "text", text };
    }
    files -= part.data.data.length;
    return files < 0 ? { type: "text", text: "[A file was left out: the result is too large.]" } : part;
  });
};

const textOf = (parts: readonly ContentPiece[]): string =>
  parts
    .filter(isText)
    .map(({ text }) => text)
    .join("\n\n");

/**
 * What a server's result is to a model and a person: structured content as it is, texts as one text, and with files the
 * content form of AI SDK. Gated and capped with a marker; an error is a failure in the server's own words.
 */
export const readResult = ({ content, structuredContent, isError }: CallToolResult): ToolOutcome => {
  const parts = content.slice(0, maxPieces).map(partOf);
  const more = content.length - parts.length;
  if (more > 0) parts.push({ type: "text", text: `[${more} more pieces were left out.]` });
  if (isError === true) return failed(capText(textOf(parts), maxErrorCharacters) || "The tool failed.");
  if (!parts.every(isText)) return completed({ type: "content", value: cappedParts(parts) });
  if (structuredContent === undefined) return completed(capText(textOf(parts), maxCharacters));
  const json = JSON.stringify(structuredContent);
  return completed(json.length <= maxCharacters ? structuredContent : capText(json, maxCharacters));
};
