import { attachmentUrl } from "../../conversations/files/attachments.ts";
import type { ExportFormat } from "../../protocol/transfer.ts";
import { listExportedConversations, type ExportedConversationRow } from "../../store/transfer/export-rows.ts";
import { conversationMarkdown } from "./conversation-markdown.ts";
import { exportArchive } from "./export-archive.ts";
import { exportLines } from "./export-lines.ts";
import type { ExportSource } from "./export-source.ts";

const pageSize = 50;

/** All conversations of whoever an export is made for. */
export async function* ownConversations({
  database,
  workspaceId,
  viewerId: ownerId,
}: ExportSource): AsyncGenerator<ExportedConversationRow> {
  let afterId = "";
  for (;;) {
    const rows = await listExportedConversations(database, { workspaceId, ownerId }, { afterId, limit: pageSize });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    afterId = last.id;
  }
}

async function* allMarkdown(
  source: ExportSource,
  conversations: AsyncIterable<ExportedConversationRow>,
): AsyncGenerator<string> {
  const links = { fileLink: attachmentUrl, artifactLink: () => null };
  for await (const conversation of conversations) yield* conversationMarkdown(source, conversation, links);
}

/** How an export is made in each format, made no faster than it is read. */
export const exportMakers: Readonly<
  Record<
    ExportFormat,
    (source: ExportSource, conversations: AsyncIterable<ExportedConversationRow>) => AsyncGenerator<string | Uint8Array>
  >
> = { zip: exportArchive, jsonl: exportLines, markdown: allMarkdown };
