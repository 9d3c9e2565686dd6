import type { Completion } from "../protocol/resources.ts";
import type { WriterRow } from "../store/message/shown-messages.ts";

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A row as the API shows it. */
export const toCompletion = (row: WriterRow): Completion => ({
  id: row.id,
  conversationId: row.conversation_id,
  messageId: row.message_id,
  status: row.status,
  crashes: row.crashes,
  agent: row.agent,
  model: row.model,
  usage: row.usage,
  costMicros: row.cost_micros,
  timing: { createdAt: row.created_at.toISOString(), startedAt: iso(row.started_at), finishedAt: iso(row.finished_at) },
  cancelledBy:
    row.status === "cancelled" && row.cancelled_by !== null
      ? { id: row.cancelled_by, name: row.cancelled_by_name }
      : null,
  error: row.error,
});
