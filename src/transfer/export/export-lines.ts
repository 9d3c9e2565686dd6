import { buffer } from "node:stream/consumers";
import { attachmentIdOf } from "../../conversations/files/attachments.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import { exportVersion } from "../../protocol/transfer.ts";
import type { ExportedConversationRow } from "../../store/transfer/export-rows.ts";
import { conversationLines, lineOf } from "./conversation-lines.ts";
import type { ExportSource } from "./export-source.ts";

const toDataUrl = async (blobs: BlobStore, part: Part): Promise<Part> => {
  const id = part.type === "file" ? attachmentIdOf(part.url) : null;
  if (part.type !== "file" || id === null) return part;
  const blob = await blobs.get(id);
  if (blob === null) return part;
  const content = await buffer(blob.content);
  return { ...part, url: `data:${part.mediaType};base64,${content.toString("base64")}` };
};

/** What an export begins with. */
export const headerOf = (time: Date): object => ({
  type: "natter-export",
  version: exportVersion,
  exportedAt: time.toISOString(),
});

/** Conversations as JSON lines that import takes again, files within. */
export async function* exportLines(
  source: ExportSource,
  conversations: AsyncIterable<ExportedConversationRow>,
): AsyncGenerator<string> {
  const files = { lines: [], place: (part: Part) => toDataUrl(source.blobs, part) };
  let count = 0;
  yield lineOf(headerOf(new Date()));
  for await (const conversation of conversations) {
    for await (const line of conversationLines(source, conversation, files)) yield lineOf(line);
    count += 1;
  }
  yield lineOf({ type: "end", conversations: count });
}
