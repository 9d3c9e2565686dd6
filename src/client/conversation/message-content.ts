import type { Part } from "../../protocol/message/chunk.ts";

/** Text, or parts: texts, and files as `{ type: "file", mediaType, url }` of an attachment or a `data:` URL. */
export type MessageContent = string | readonly Part[];

/** A part as the API takes it. */
export type SentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "file"; readonly url: string; readonly mediaType: string; readonly filename?: string };

export const partsOf = (content: MessageContent): readonly Part[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

/** What of a message's parts can be sent: its texts and files, without what the server adds to them. */
export const sentParts = (content: MessageContent): SentPart[] =>
  partsOf(content).flatMap((part): SentPart[] => {
    if (part.type === "text") return [{ type: "text", text: part.text }];
    if (part.type !== "file") return [];
    const { url, mediaType, filename } = part;
    return [{ type: "file", url, mediaType, ...(filename === undefined ? {} : { filename }) }];
  });
