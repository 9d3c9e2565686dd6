import sql, { type Sql } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ExecutionKey } from "../background/execution-rows.ts";
import { countGone } from "./count-gone.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";

/** Whose, and where. */
export interface Traces {
  readonly workspaceId: string;
  readonly userId: string;
}

const owned = ({ workspaceId, userId }: Traces): Sql => sql`workspace_id = ${workspaceId} and owner_id = ${userId}`;

/** Takes some conversations of a user out of every list and answer, so that nothing new begins in them. */
export const hideConversations = async (
  database: Database,
  traces: Traces,
  limit: number,
): Promise<ConversationRevision[]> => {
  const rows = await database.query<RevisionRow>(sql`
    with batch as (select workspace_id, id from conversation where ${owned(traces)} and deleted_at is null limit ${limit} for no key update)
    update conversation set deleted_at = now(), version = version + 1 from batch
    where conversation.workspace_id = batch.workspace_id and conversation.id = batch.id returning ${revision}`);
  return rows.map((row) => row.revision);
};

/** What waits or runs in conversations of a user, whoever asked for it; what waits first. */
export const listOpenIn = (database: Database, traces: Traces): Promise<CompletionKey[]> =>
  database.query(sql`
    select c.workspace_id as "workspaceId", c.id as "completionId" from completion c
    where c.workspace_id = ${traces.workspaceId} and c.status in ('queued', 'running', 'waiting')
      and exists (select 1 from conversation v where v.workspace_id = c.workspace_id and v.id = c.conversation_id and v.owner_id = ${traces.userId})
    order by (c.status <> 'queued'), c.created_at desc, c.id`);

/** Whether anything is still being written for a user, or in a conversation of theirs. */
export const isAnythingOpen = async (database: Database, traces: Traces): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from completion c where c.workspace_id = ${traces.workspaceId} and c.status in ('queued', 'running', 'waiting')
      and (c.requested_by = ${traces.userId} or exists (
        select 1 from conversation v where v.workspace_id = c.workspace_id and v.id = c.conversation_id and v.owner_id = ${traces.userId}))
    limit 1`);
  return rows.length > 0;
};

/** Background tools at work for a user, or in a conversation of theirs. */
export const listOpenExecutions = (
  database: Database,
  { workspaceId, userId }: Traces,
): Promise<(ExecutionKey & { readonly round: number })[]> =>
  database.query(sql`
    select b.workspace_id as "workspaceId", b.id, b.round from background_execution b
    where b.workspace_id = ${workspaceId} and b.status in ('queued', 'running', 'waiting') and (b.user_id = ${userId} or exists (
      select 1 from conversation v where v.workspace_id = b.workspace_id and v.id = b.conversation_id and v.owner_id = ${userId}))`);

/** Instructions that a user wrote stand in copies that others made of a conversation, and in what the user asked of others. */
export const forgetInstructions = async (database: Database, { workspaceId, userId }: Traces): Promise<number> => {
  const asked = await countGone(
    database,
    sql`
    update completion k set settings = k.settings - 'instructions', instructions_by = null from conversation v
    where k.workspace_id = ${workspaceId} and k.instructions_by = ${userId}
      and v.workspace_id = k.workspace_id and v.id = k.conversation_id and v.owner_id <> ${userId}`,
  );
  const copied = await countGone(
    database,
    sql`
    update conversation set settings = settings - 'instructions', instructions_by = null, settings_version = settings_version + 1, version = version + 1
    where workspace_id = ${workspaceId} and owner_id <> ${userId} and instructions_by = ${userId}`,
  );
  return asked + copied;
};

/** Deletes some conversations of a user with everything in them. Answers how many there were. */
export const deleteConversations = (database: Database, traces: Traces, limit: number): Promise<number> =>
  countGone(
    database,
    sql`delete from conversation where workspace_id = ${traces.workspaceId}
      and id in (select id from conversation where ${owned(traces)} limit ${limit})`,
  );
