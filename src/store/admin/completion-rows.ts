import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { StatusColumn } from "../completion/completion-rows.ts";
import { usageTotals, type UsageTotalsRow } from "../money/usage-rows.ts";
import type { ReadableRow } from "./conversation-rows.ts";
import { equal, newestFirst, within, type Keyset, type Span } from "./keyset.ts";

export interface AdminCompletionRow extends ReadableRow, UsageTotalsRow {
  readonly id: string;
  readonly conversation_id: string;
  readonly user_id: string;
  readonly user_name: string | null;
  readonly key_id: string | null;
  readonly status: StatusColumn;
  readonly agent: string;
  readonly model: string;
  readonly fence: number;
  readonly crashes: number;
  readonly finish_reason: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly cancel_requested_at: Date | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly cursor_at: string;
}

export interface CompletionFilter extends Span {
  readonly workspaceId: string;
  readonly id?: string | undefined;
  readonly userId?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly status?: StatusColumn | undefined;
  /** Code of what it failed with. */
  readonly error?: string | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
}

const matching = (filter: CompletionFilter): Sql => sql`
  c.workspace_id = ${filter.workspaceId} ${equal(sql`c.id`, filter.id)} ${equal(sql`c.requested_by`, filter.userId)}
  ${equal(sql`c.conversation_id`, filter.conversationId)} ${equal(sql`c.status`, filter.status)}
  ${equal(sql`c.error ->> 'code'`, filter.error)} ${equal(sql`c.agent`, filter.agent)} ${equal(sql`c.model`, filter.model)} ${within(sql`c.created_at`, filter)}`;

/** Of everybody in the workspace, the newest first, with what the ledger says of each. */
export const listAdminCompletionRows = (
  database: Database,
  filter: CompletionFilter,
  page: Keyset,
): Promise<AdminCompletionRow[]> =>
  database.query(sql`
    select c.*, u.name as user_name, conversation.owner_id, conversation.visibility, conversation.deleted_at, spent.*
    from (
      select c.workspace_id, c.id, c.conversation_id, c.requested_by as user_id, c.key_id, c.status, c.agent, c.model, c.fence, c.crashes, c.finish_reason,
        c.error, c.cancel_requested_at, c.created_at, c.started_at, c.finished_at, c.created_at::text as cursor_at
      from completion c where ${matching(filter)} ${newestFirst(sql`c.created_at`, sql`c.id`, page)}) c
      join "user" u on u.id = c.user_id
      join conversation on conversation.workspace_id = c.workspace_id and conversation.id = c.conversation_id,
      lateral (select ${usageTotals} from usage where usage.workspace_id = c.workspace_id and usage.completion_id = c.id) spent
    order by c.created_at desc, c.id desc`);

export interface StepRow {
  readonly step: number;
  readonly fence: number;
  readonly finish_reason: string;
  readonly created_at: Date;
}

export interface LedgerRow {
  readonly step: number;
  readonly fence: number;
  readonly call: number;
  readonly model: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micros: number | null;
  readonly estimated: boolean;
  readonly cached: boolean;
  readonly created_at: Date;
}

export interface ApprovalRow {
  readonly id: string;
  readonly tool: string;
  readonly decision: "once" | "always" | "deny" | "expired" | null;
  readonly decided_by: string | null;
  readonly created_at: Date;
  readonly decided_at: Date | null;
}

const of = ({ workspaceId, completionId }: CompletionKey): Sql =>
  sql`workspace_id = ${workspaceId} and completion_id = ${completionId}`;

/** Steps without what was said in them. */
export const listBareStepRows = (database: Database, key: CompletionKey): Promise<StepRow[]> =>
  database.query(
    sql`select step, fence, finish_reason, created_at from completion_step where ${of(key)} order by step`,
  );

/** The model calls that were made for a completion, in their order. */
export const listLedgerRows = (database: Database, key: CompletionKey): Promise<LedgerRow[]> =>
  database.query(sql`
    select step, fence, call, model, input_tokens, output_tokens, cost_micros, estimated, cached, created_at
    from usage where ${of(key)} order by created_at, step, fence, call`);

/** What people were asked, without what they were shown. */
export const listBareApprovalRows = (database: Database, key: CompletionKey): Promise<ApprovalRow[]> =>
  database.query(sql`
    select id, tool, decision, decided_by, created_at, decided_at from approval where ${of(key)} order by created_at, id`);
