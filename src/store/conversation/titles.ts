import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import { titleKind } from "../job-rows.ts";
import { revision, type RevisionRow } from "./revision.ts";

/** What a title job carries: the title that it may replace, and who pays for its call. */
export interface TitlePayload {
  readonly replaces: string | null;
  readonly requestedBy: string;
}

/**
 * For the statement that ends a completion: stores a title job when that is the first completed answer of a conversation
 * without a title. Reads a CTE `ended` (workspace_id, conversation_id, requested_by).
 */
export const orderingTitle = (jobId: string): Sql => sql`
  insert into job (workspace_id, id, kind, subject, payload)
  select v.workspace_id, ${jobId}, ${titleKind}, v.id, jsonb_build_object('replaces', null, 'requestedBy', ended.requested_by)
  from ended join conversation v on v.workspace_id = ended.workspace_id and v.id = ended.conversation_id
  where v.title is null and not v.temporary and v.deleted_at is null and not exists (
    select 1 from completion earlier where earlier.workspace_id = v.workspace_id and earlier.conversation_id = v.id and earlier.status = 'completed')
  on conflict do nothing`;

/** Sets a generated title in the place of the one it was made for; undefined when there is another one by now. */
export const replaceTitle = async (
  database: Database,
  conversation: { readonly workspaceId: string; readonly id: string },
  replaces: string | null,
  title: string,
): Promise<ConversationRevision | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    update conversation set title = ${title}, title_by = null, version = version + 1
    where workspace_id = ${conversation.workspaceId} and id = ${conversation.id} and deleted_at is null
      and title is not distinct from ${replaces} returning ${revision}`);
  return rows[0]?.revision;
};
