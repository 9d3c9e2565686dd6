import type { Part } from "../../protocol/chunk.ts";
import {
  listExportedMessages,
  type ExportedConversationRow,
  type ExportedMessageRow,
} from "../../store/transfer/export-rows.ts";
import type { ExportSource } from "./export-lines.ts";

const speakers = { user: "You", assistant: "Assistant", system: "System" } as const;

const textOf = (part: Part): string[] => {
  if (part.type === "text") return [part.text];
  if (part.type === "file") return [`_File: ${(part.filename ?? part.mediaType).replaceAll(/[\r\n]+/g, " ")}_`];
  return [];
};

/** From the root to the active leaf. */
const activeBranch = (
  rows: readonly ExportedMessageRow[],
  { active_leaf_id: leaf }: ExportedConversationRow,
): ExportedMessageRow[] => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const branch: ExportedMessageRow[] = [];
  for (let id = leaf; id !== null;) {
    const row = byId.get(id);
    if (row === undefined) break;
    branch.push(row);
    id = row.parent_id;
  }
  return branch.reverse();
};

/** Conversations as Markdown to read: the branch that is shown, its texts and the names of its files. */
export async function* exportMarkdown(
  { database, workspaceId, viewerId }: ExportSource,
  conversations: AsyncIterable<ExportedConversationRow>,
): AsyncGenerator<string> {
  for await (const conversation of conversations) {
    const title = (conversation.title ?? "Untitled").replaceAll(/[\r\n]+/g, " ");
    yield `# ${title}\n\n${conversation.created_at.toISOString()}\n\n`;
    const place = { workspaceId, conversationId: conversation.id, viewerId };
    const rows = await listExportedMessages(database, place, { after: 0, limit: null });
    for (const { role, parts, deleted_at: deletedAt } of activeBranch(rows, conversation)) {
      const text = parts.flatMap(textOf).join("\n\n");
      if (deletedAt === null && text !== "") yield `## ${speakers[role]}\n\n${text}\n\n`;
    }
  }
}
