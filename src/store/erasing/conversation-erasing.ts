import sql, { type Sql } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ExecutionKey } from "../background/execution-rows.ts";
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

/** Copies that others made of conversations of a user have their instructions from there. */
export const forgetInstructions = async (database: Database, { workspaceId, userId }: Traces): Promise<void> => {
  const theirs = sql`(select c.settings ->> 'instructions' from conversation c
    where c.workspace_id = ${workspaceId} and c.owner_id = ${userId} and c.settings ? 'instructions')`;
  await database.query(sql`
    update completion k set settings = k.settings - 'instructions' from conversation v
    where k.workspace_id = ${workspaceId} and v.workspace_id = k.workspace_id and v.id = k.conversation_id and v.owner_id <> ${userId}
      and k.settings ->> 'instructions' in ${theirs}`);
  await database.query(sql`
    update conversation v set settings = v.settings - 'instructions', settings_version = settings_version + 1, version = version + 1
    where v.workspace_id = ${workspaceId} and v.owner_id <> ${userId} and v.settings ->> 'instructions' in ${theirs}`);
};

/** Deletes some conversations of a user with everything in them. Answers how many there were. */
export const deleteConversations = async (database: Database, traces: Traces, limit: number): Promise<number> => {
  const rows = await database.query(sql`
    with batch as (select workspace_id, id from conversation where ${owned(traces)} limit ${limit})
    delete from conversation using batch
    where conversation.workspace_id = batch.workspace_id and conversation.id = batch.id returning 1`);
  return rows.length;
};
