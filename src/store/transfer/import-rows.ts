import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/chunk.ts";
import type { Settings } from "../../protocol/settings.ts";

export interface ImportKey {
  readonly workspaceId: string;
  readonly id: string;
}

export interface ImportRow {
  readonly id: string;
  readonly user_id: string;
  readonly status: "queued" | "running" | "completed" | "failed";
  readonly error: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly imported: number;
  readonly skipped: number;
  readonly failed: number;
}

export interface ImportItemRow {
  readonly position: number;
  readonly title: string | null;
  readonly outcome: "imported" | "skipped" | "failed";
  readonly conversation_id: string | null;
  readonly messages: number;
  readonly error: string | null;
}

export const insertImport = (database: Database, { workspaceId, id }: ImportKey, userId: string): Promise<unknown[]> =>
  database.query(sql`insert into import_run (workspace_id, id, user_id) values (${workspaceId}, ${id}, ${userId})`);

/** With how many conversations came to which end. */
export const findImport = async (
  database: Database,
  { workspaceId, id }: ImportKey,
): Promise<ImportRow | undefined> => {
  const rows = await database.query<ImportRow>(sql`
    select r.id, r.user_id, r.status, r.error, r.created_at, r.finished_at,
      (count(i.position) filter (where i.outcome = 'imported'))::int as imported,
      (count(i.position) filter (where i.outcome = 'skipped'))::int as skipped,
      (count(i.position) filter (where i.outcome = 'failed'))::int as failed
    from import_run r left join import_item i on i.import_id = r.id and i.workspace_id = r.workspace_id
    where r.workspace_id = ${workspaceId} and r.id = ${id} group by r.id, r.workspace_id`);
  return rows[0];
};

export const listImportItems = (
  database: Database,
  { workspaceId, id }: ImportKey,
  page: { readonly after: number; readonly limit: number },
): Promise<ImportItemRow[]> =>
  database.query(sql`
    select position, title, outcome, conversation_id, messages, error from import_item
    where workspace_id = ${workspaceId} and import_id = ${id} and position > ${page.after} order by position limit ${page.limit}`);

/** Positions up to which everything has its end already, after a crash. */
export const lastImportedPosition = async (database: Database, { workspaceId, id }: ImportKey): Promise<number> => {
  const [row] = await database.query<{ last: number | null }>(sql`
    select max(position) as last from import_item where workspace_id = ${workspaceId} and import_id = ${id}`);
  return row?.last ?? 0;
};

export const setImportStatus = (
  database: Database,
  { workspaceId, id }: ImportKey,
  status: ImportRow["status"],
  error: string | null = null,
): Promise<unknown[]> =>
  database.query(sql`
    update import_run set status = ${status}, error = ${error},
      finished_at = ${status === "completed" || status === "failed" ? sql`now()` : sql`null`}
    where workspace_id = ${workspaceId} and id = ${id}`);

/** Does nothing where the position has its end already. */
export const insertImportItem = (
  database: Database,
  { workspaceId, id }: ImportKey,
  item: ImportItemRow,
): Promise<unknown[]> =>
  database.query(sql`
    insert into import_item (workspace_id, import_id, position, title, outcome, conversation_id, messages, error)
    values (${workspaceId}, ${id}, ${item.position}, ${item.title}, ${item.outcome}, ${item.conversation_id}, ${item.messages}, ${item.error})
    on conflict do nothing`);

export interface BroughtMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: "user" | "assistant" | "system";
  readonly parts: readonly Part[];
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly createdAt: string;
  readonly deletedAt: string | null;
  readonly vote: { readonly value: "up" | "down"; readonly reason: string | null } | null;
}

export interface BroughtConversation {
  readonly id: string;
  readonly title: string | null;
  readonly status: "active" | "completed" | "archived";
  readonly visibility: "private" | "workspace";
  readonly agent: string;
  readonly model: string | null;
  readonly settings: Settings;
  readonly pinned: boolean;
  readonly activeLeafId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Stores a conversation that was something before, with its own times. Rejects with SQLSTATE 23505 when the id is taken. */
export const insertBroughtConversation = (
  database: Database,
  { workspaceId, ownerId }: { readonly workspaceId: string; readonly ownerId: string },
  conversation: BroughtConversation,
  counts: { readonly messages: number; readonly live: number },
): Promise<unknown[]> =>
  database.query(sql`
    with made as (
      insert into conversation (workspace_id, id, owner_id, title, status, visibility, agent, model, settings, pinned,
        next_sequence, message_count, active_leaf_id, created_at, updated_at)
      values (${workspaceId}, ${conversation.id}, ${ownerId}, ${conversation.title}, ${conversation.status}, ${conversation.visibility},
        ${conversation.agent}, ${conversation.model}, ${JSON.stringify(conversation.settings)}::jsonb, ${conversation.pinned},
        ${counts.messages + 1}, ${counts.live}, ${conversation.activeLeafId}, ${conversation.createdAt}::text::timestamptz,
        ${conversation.updatedAt}::text::timestamptz)
      returning workspace_id, id)
    insert into conversation_seen (workspace_id, conversation_id, user_id) select workspace_id, id, ${ownerId} from made`);

/** Stores the messages of such a conversation under sequence numbers in their order, with the owner's votes. */
export const insertBroughtMessages = (
  database: Database,
  place: { readonly workspaceId: string; readonly conversationId: string; readonly ownerId: string },
  messages: readonly BroughtMessage[],
): Promise<unknown[]> =>
  database.query(sql`
    with brought as materialized (
      select (m ->> 'id') as id, m ->> 'parentId' as parent_id, m ->> 'role' as role, m -> 'parts' as parts,
        nullif(m -> 'metadata', 'null') as metadata, (m ->> 'createdAt')::timestamptz as created_at,
        (m ->> 'deletedAt')::timestamptz as deleted_at, nullif(m -> 'vote', 'null') as vote, place
      from jsonb_array_elements(${JSON.stringify(messages)}::jsonb) with ordinality as list(m, place)
    ), said as (
      insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts, metadata, created_at, deleted_at)
      select ${place.workspaceId}, ${place.conversationId}, id, parent_id, case when role = 'user' then ${place.ownerId} end, place, role, parts,
        metadata, created_at, deleted_at from brought)
    insert into vote (workspace_id, conversation_id, message_id, user_id, value, reason)
    select ${place.workspaceId}, ${place.conversationId}, id, ${place.ownerId}, vote ->> 'value', vote ->> 'reason' from brought where vote is not null`);
