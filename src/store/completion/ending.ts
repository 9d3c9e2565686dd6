import sql, { empty, join, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { FinishReason, Part } from "../../protocol/message/chunk.ts";
import type { StatusColumn } from "./completion-rows.ts";
import type { Claimed } from "./held.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";
import { orderingSummary, type SummaryPayload } from "../conversation/summary-rows.ts";
import { orderingTitle } from "../conversation/titles.ts";

export interface EndedCompletion {
  readonly to: StatusColumn;
  readonly from: readonly StatusColumn[];
  readonly parts: readonly Part[];
  readonly finishReason: FinishReason | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly jobs: readonly EndingJob[];
}

/** Background work that an ending orders: a title if this is a conversation's first completed answer, a summary of its branch. */
export type EndingJob =
  | { readonly kind: "title"; readonly id: string }
  | { readonly kind: "summary"; readonly id: string; readonly payload: SummaryPayload };

const ordering = (job: EndingJob): Sql =>
  job.kind === "title"
    ? sql`titled as (${orderingTitle(job.id)}),`
    : sql`summarised as (${orderingSummary(job.id, job.payload)}),`;

export interface EndingRow extends RevisionRow {
  /** The waiting send that may go now. */
  readonly next: string | null;
}

/** Ends a completion: message parts, usage, status and the conversation's version, in one statement. Undefined: the claim is lost. */
export const endCompletion = async (
  database: Database,
  claim: Claimed,
  end: EndedCompletion,
): Promise<EndingRow | undefined> => {
  const rows = await database.query<EndingRow>(sql`
    with bill as (
      select sum(input_tokens) as input, sum(output_tokens) as output, sum(cache_read_tokens) as cached, sum(reasoning_tokens) as reasoned,
        sum(cost_micros) as cost, bool_or(estimated) as estimated
      from usage where workspace_id = ${claim.workspaceId} and completion_id = ${claim.completionId}
    ), ended as (
      update completion set status = ${end.to}, finish_reason = ${end.finishReason},
        error = ${end.error === null ? null : JSON.stringify(end.error)}::jsonb, cost_micros = bill.cost,
        usage = case when bill.input is null then null else jsonb_build_object('inputTokens', bill.input, 'outputTokens', bill.output,
          'cacheReadTokens', bill.cached, 'reasoningTokens', bill.reasoned, 'estimated', bill.estimated) end,
        lease_until = null, worker_id = null, snapshot = null, finished_at = now()
      from bill
      where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = any(${end.from})
      returning workspace_id, conversation_id, message_id, requested_by
    ), ${end.jobs.length === 0 ? empty : join(end.jobs.map(ordering), " ")} written as (
      update message set parts = ${JSON.stringify(end.parts)}::jsonb from ended
      where message.workspace_id = ${claim.workspaceId} and message.conversation_id = ended.conversation_id and message.id = ended.message_id
        and message.deleted_at is null
      returning 1
    )
    update conversation set version = version + 1, updated_at = now(), answered_at = clock_timestamp() from ended
    where conversation.workspace_id = ${claim.workspaceId} and conversation.id = ended.conversation_id
    returning (select id from completion waiting where waiting.workspace_id = conversation.workspace_id
      and waiting.conversation_id = conversation.id and waiting.status = 'queued' order by rank limit 1) as next, ${revision}`);
  return rows[0];
};

export interface UnclosedRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly fence: number;
  readonly age_seconds: number;
}

/** Terminal completions whose log nobody has seen end, oldest first; those that ended just now are left to their worker. */
export const listUnclosed = (database: Database, graceSeconds: number, limit: number): Promise<UnclosedRow[]> =>
  database.query(sql`
    select workspace_id, id, fence, extract(epoch from now() - finished_at)::float8 as age_seconds from completion
    where status in ('completed', 'failed', 'cancelled') and not log_closed and (fence = 0 or finished_at < now() - make_interval(secs => ${graceSeconds}::float8))
    order by finished_at limit ${limit}`);

/** Notes that the logs of these completions hold their ending. */
export const markClosed = (
  database: Database,
  keys: readonly { readonly workspaceId: string; readonly completionId: string }[],
): Promise<unknown[]> =>
  database.query(sql`
    update completion set log_closed = true
    from unnest(${keys.map((key) => key.workspaceId)}::text[], ${keys.map((key) => key.completionId)}::text[]) as closed (workspace_id, id)
    where completion.workspace_id = closed.workspace_id and completion.id = closed.id`);
