import { toCompletion } from "../completions/resource.ts";
import type { Attachment, Conversation, Message } from "../protocol/resources.ts";
import type { AttachmentRow } from "../store/message/attachment-rows.ts";
import type { ConversationRow } from "../store/conversation/conversation-rows.ts";
import type { ShownRow } from "../store/message/shown-messages.ts";
import { attachmentUrl } from "./files/attachments.ts";

/** A row as the API shows it. */
export const toConversation = (row: ConversationRow): Conversation => ({
  id: row.id,
  workspaceId: row.workspace_id,
  ownerId: row.owner_id,
  title: row.title,
  status: row.status,
  activity: row.activity,
  visibility: row.visibility,
  agent: row.agent,
  model: row.model,
  settings: row.settings,
  pinned: row.pinned,
  temporary: row.temporary,
  messageCount: row.message_count,
  activeLeafId: row.active_leaf_id,
  version: row.version,
  settingsVersion: row.settings_version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  deletedAt: row.deleted_at?.toISOString() ?? null,
});

/** A row as the API shows it. A removed message keeps its place, with `parts: []`. */
export const toMessage = (row: ShownRow): Message => ({
  id: row.id,
  conversationId: row.conversation_id,
  parentId: row.parent_id,
  authorId: row.author_id,
  sequence: row.sequence,
  role: row.role,
  parts: [...row.parts],
  metadata: row.metadata,
  completionId: row.completion_id,
  completion: row.writer === null ? null : toCompletion(row.writer),
  vote: row.vote,
  createdAt: row.created_at.toISOString(),
  deletedAt: row.deleted_at?.toISOString() ?? null,
});

/** A row as the API shows it. */
export const toAttachment = (row: AttachmentRow): Attachment => ({
  id: row.id,
  url: attachmentUrl(row.id),
  mediaType: row.media_type,
  filename: row.file_name,
  bytes: row.bytes,
  sha256: row.sha256,
  createdAt: row.created_at.toISOString(),
});
