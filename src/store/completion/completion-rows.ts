import sql, { type Sql } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Database } from "../../ports/database.ts";
import type { Branch, MessageKey } from "../message/message-rows.ts";
import { placing } from "../message/placement.ts";
import type { RevisionRow } from "../conversation/revision.ts";

export type StatusColumn = "queued" | "running" | "waiting" | "completed" | "failed" | "cancelled";

/** What was shown of a step whose model call is not done. */
export interface Snapshot {
  readonly step: number;
  /** Fence of the claim that wrote it. */
  readonly fence: number;
  readonly parts: readonly Part[];
}

export interface CompletionRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly conversation_id: string;
  readonly message_id: string;
  readonly user_message_id: string | null;
  /** True: the user message was there before and is answered again. */
  readonly regenerates: boolean;
  readonly requested_by: string;
  /** The API key that asked. */
  readonly key_id: string | null;
  readonly status: StatusColumn;
  readonly agent: string;
  readonly model: string;
  readonly settings: Settings;
  readonly fence: number;
  readonly crashes: number;
  readonly snapshot: Snapshot | null;
  readonly finish_reason: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly usage: Usage | null;
  readonly cost_micros: number | null;
  readonly cancel_requested_at: Date | null;
  /** Null: nobody did, or the server by itself. */
  readonly cancelled_by: string | null;
  readonly cancelled_by_name: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

const names =
  "workspace_id id conversation_id message_id user_message_id regenerates requested_by key_id status agent model settings fence crashes " +
  "snapshot finish_reason error usage cost_micros cancel_requested_at cancelled_by created_at started_at finished_at";

/** The name of whoever stopped the completion that is called so in a statement. */
export const stopperName = (completion: string): string =>
  `(select stopper.name from "user" stopper where stopper.id = ${completion}.cancelled_by)`;

/** The columns of a CompletionRow, of the table or alias `completion`. */
export const completionColumns: Sql = sql([
  `${names.replaceAll(/\w+/g, "completion.$&,")} ${stopperName("completion")} as cancelled_by_name`,
]);

export const findCompletion = async (
  database: Database,
  key: CompletionKey,
  options: { lock?: boolean } = {},
): Promise<CompletionRow | undefined> => {
  const rows = await database.query<CompletionRow>(sql`
    select ${completionColumns} from completion where workspace_id = ${key.workspaceId} and id = ${key.completionId}
    ${sql([options.lock ? "for no key update" : ""])}`);
  return rows[0];
};

export const listCompletionRows = (
  database: Database,
  workspaceId: string,
  conversationId: string,
  limit: number,
): Promise<CompletionRow[]> =>
  database.query(sql`
    select ${completionColumns} from completion where workspace_id = ${workspaceId} and conversation_id = ${conversationId}
    order by created_at desc, id desc limit ${limit}`);

/** The completion that a viewer of the conversation attaches to: the one at work, else the first in the queue. */
export const findAttachableRow = async (
  database: Database,
  workspaceId: string,
  conversationId: string,
): Promise<CompletionRow | undefined> => {
  const rows = await database.query<CompletionRow>(sql`
    select ${completionColumns} from completion
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and status in ('queued', 'running', 'waiting')
    order by (status = 'queued'), rank limit 1`);
  return rows[0];
};

/** All that has not ended: what is at work, then the queue in its order. */
export const listOpenRows = (
  database: Database,
  workspaceId: string,
  conversationId: string,
): Promise<CompletionRow[]> =>
  database.query(sql`
    select ${completionColumns} from completion
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and status in ('queued', 'running', 'waiting')
    order by (status = 'queued'), rank`);

/** Waiting sends, in the order in which they will go, with their user message's parts. */
export const listQueuedRows = (
  database: Database,
  workspaceId: string,
  conversationId: string,
): Promise<(CompletionRow & { readonly parts: readonly Part[] | null })[]> =>
  database.query(sql`
    select ${completionColumns}, m.parts from completion left join message m
      on m.workspace_id = completion.workspace_id and m.conversation_id = completion.conversation_id and m.id = completion.user_message_id
    where completion.workspace_id = ${workspaceId} and completion.conversation_id = ${conversationId} and completion.status = 'queued'
    order by completion.rank`);

/** Whether this message, or the one that it answers, waits for its turn and so has no place in the tree yet. */
export const isUnplaced = async (
  database: Database,
  { workspaceId, conversationId, id }: MessageKey,
): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from completion where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and status = 'queued'
      and not regenerates and sent_on is not null and ${id} in (message_id, user_message_id)`);
  return rows.length > 0;
};

/** Whether a message of this branch is an answer that has not ended. */
export const isBranchOpen = async (database: Database, branch: Branch): Promise<boolean> => {
  const rows = await database.query(sql`
    with recursive above as (
      select id, parent_id from message
      where workspace_id = ${branch.workspaceId} and conversation_id = ${branch.conversationId} and id = ${branch.leafId}
      union all
      select parent.id, parent.parent_id from above join message parent
        on parent.workspace_id = ${branch.workspaceId} and parent.conversation_id = ${branch.conversationId} and parent.id = above.parent_id
    )
    select 1 from completion join above on above.id = completion.message_id
    where completion.workspace_id = ${branch.workspaceId} and completion.conversation_id = ${branch.conversationId}
      and completion.status in ('queued', 'running', 'waiting') limit 1`);
  return rows.length > 0;
};

/** One that waits is due again, as if it had been handed over: its next worker finds the request. */
const madeDue: Sql = sql`status = 'running', worker_id = case completion.status when 'waiting' then null else completion.worker_id end,
  lease_until = case completion.status when 'waiting' then now() - interval '1 millisecond' else completion.lease_until end`;

/** Who stops it, and when: whoever asks first. */
const stopped = (by: string | null): Sql =>
  sql`cancelled_by = case when completion.cancel_requested_at is null then ${by} else completion.cancelled_by end,
    cancel_requested_at = coalesce(completion.cancel_requested_at, now())`;

/** Asks for the end of a completion that has begun. */
export const requestCancel = (
  database: Database,
  key: CompletionKey,
  from: readonly StatusColumn[],
  by: string | null,
): Promise<{ id: string }[]> =>
  database.query(sql`
    update completion set ${stopped(by)}, ${madeDue}
    where workspace_id = ${key.workspaceId} and id = ${key.completionId} and status = any(${from}) returning id`);

/**
 * Asks whatever is at work in the conversation to stop, unless that was asked before, for something that goes first.
 * Waits for a claim that is being made, and keeps others from being made until this transaction ends: they find the
 * ranks of the queue changed.
 */
export const requestCancelOfActive = (
  database: Database,
  workspaceId: string,
  conversationId: string,
  by: string,
): Promise<unknown[]> =>
  database.query(sql`
    with open as (
      select workspace_id, id, status from completion
      where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and status in ('queued', 'running', 'waiting')
      order by id for no key update
    ), moved as (
      update completion set rank = rank - 1 from open
      where completion.workspace_id = open.workspace_id and completion.id = open.id and open.status = 'queued'
    )
    update completion set ${stopped(by)}, ${madeDue} from open
    where completion.workspace_id = open.workspace_id and completion.id = open.id and open.status in ('running', 'waiting')
      and completion.cancel_requested_at is null`);

/** Ends a completion that no worker has, giving its message the place that a claim would have given it. No row: it is in another status, or `placing` has to be run again. */
export const cancelUnclaimed = (
  database: Database,
  key: CompletionKey,
  from: readonly StatusColumn[],
  by: string | null,
): Promise<RevisionRow[]> =>
  database.query(sql`
    with recursive due as (
      select workspace_id, id, conversation_id, message_id, user_message_id, case when status = 'queued' then sent_on end as sent_on
      from completion where workspace_id = ${key.workspaceId} and id = ${key.completionId} and status = any(${from}) for no key update
    ), ${placing}
    update completion set status = 'cancelled', ${stopped(by)}, finished_at = now(),
      lease_until = null, worker_id = null
    from due, moved where completion.workspace_id = due.workspace_id and completion.id = due.id returning moved.revision`);

/** Takes a waiting send out of the queue for good. */
export const dropQueued = (database: Database, key: CompletionKey): Promise<{ id: string }[]> =>
  database.query(sql`
    update completion set status = 'cancelled', cancel_requested_at = now(), finished_at = now(), log_closed = true
    where workspace_id = ${key.workspaceId} and id = ${key.completionId} and status = 'queued' returning id`);

/** Moves a waiting send before the others. */
export const moveAhead = (database: Database, key: CompletionKey, conversationId: string): Promise<{ id: string }[]> =>
  database.query(sql`
    update completion set rank = (
      select min(rank) - 1 from completion where workspace_id = ${key.workspaceId} and conversation_id = ${conversationId} and status = 'queued')
    where workspace_id = ${key.workspaceId} and id = ${key.completionId} and status = 'queued' returning id`);
