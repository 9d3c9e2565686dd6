import { isAllowed } from "../auth/authorize.ts";
import type { AdminQueue, AdminUsage } from "../protocol/admin/figures.ts";
import type { AdminCompletion, AdminConversation, AdminToolRun, AdminUser } from "../protocol/admin/resources.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { AdminCompletionRow } from "../store/admin/completion-rows.ts";
import type { AdminConversationRow, ReadableRow } from "../store/admin/conversation-rows.ts";
import type { QueueRow } from "../store/admin/queue-rows.ts";
import type { ToolRunRow } from "../store/admin/tool-run-rows.ts";
import type { AdminUserRow } from "../store/admin/user-rows.ts";
import type { UsageTotalsRow } from "../store/money/usage-rows.ts";
import { iso } from "./page.ts";

/** Whether the caller could open the conversation in the app; only then something of its content is told. */
const isReadable = (principal: Principal, { owner_id, visibility, deleted_at }: ReadableRow): boolean =>
  isAllowed(principal, "read", {
    workspaceId: principal.workspaceId,
    ownerId: owner_id,
    visibility,
    deletedAt: deleted_at,
  });

const sumsOf = (row: UsageTotalsRow): AdminUsage["totals"] => ({
  calls: row.calls,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  costMicros: row.cost_micros,
  unpricedCalls: row.unpriced,
});

export const toUser = (row: AdminUserRow): AdminUser => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  isSuspended: row.is_suspended,
  suspendedAt: iso(row.suspended_at),
  conversations: row.conversations,
  completions: row.completions,
  apiKeys: row.api_keys,
  ...sumsOf(row),
  lastActiveAt: iso(row.last_active_at),
  createdAt: row.created_at.toISOString(),
});

export const toConversation =
  (principal: Principal) =>
  (row: AdminConversationRow): AdminConversation => {
    const readable = isReadable(principal, row);
    return {
      id: row.id,
      title: readable ? row.title : null,
      isReadable: readable,
      ownerId: row.owner_id,
      ownerName: row.owner_name,
      status: row.status,
      visibility: row.visibility,
      agent: row.agent,
      model: row.model,
      messageCount: row.message_count,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
      deletedAt: iso(row.deleted_at),
    };
  };

export const toCompletion =
  (principal: Principal) =>
  (row: AdminCompletionRow): AdminCompletion => {
    const readable = isReadable(principal, row);
    return {
      id: row.id,
      conversationId: row.conversation_id,
      isReadable: readable,
      userId: row.user_id,
      userName: row.user_name,
      keyId: row.key_id,
      status: row.status,
      agent: row.agent,
      model: row.model,
      claims: row.fence,
      crashes: row.crashes,
      finishReason: row.finish_reason,
      error: row.error === null ? null : { code: row.error.code, message: readable ? row.error.message : null },
      ...sumsOf(row),
      createdAt: row.created_at.toISOString(),
      startedAt: iso(row.started_at),
      finishedAt: iso(row.finished_at),
      cancelRequestedAt: iso(row.cancel_requested_at),
    };
  };

export const toToolRun = (row: ToolRunRow): AdminToolRun => ({
  id: row.id,
  completionId: row.completion_id,
  conversationId: row.conversation_id,
  userId: row.user_id,
  userName: row.user_name,
  agent: row.agent,
  tool: row.tool,
  kind: row.kind,
  step: row.step,
  starts: row.starts,
  status: row.status,
  outcome: row.outcome,
  createdAt: row.created_at.toISOString(),
  finishedAt: iso(row.finished_at),
});

export const toQueue = (row: QueueRow): AdminQueue => ({
  queued: row.queued,
  running: row.running,
  waiting: row.waiting,
  oldestSeconds: row.oldest_seconds ?? 0,
  workers: row.workers,
  leases: { held: row.held, expired: row.expired },
  tools: { queued: row.tools_queued, running: row.tools_running, waiting: row.tools_waiting },
  jobs: { open: row.jobs_open, failed: row.jobs_failed },
});
