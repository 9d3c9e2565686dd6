import sql, { empty, join, type Sql } from "sql-template-tag";
import type { Settings } from "../../protocol/settings.ts";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import { revision, type RevisionRow } from "./revision.ts";

export interface ConversationRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly owner_id: string;
  readonly title: string | null;
  /** Whose words the title is; null: no person's. */
  readonly title_by: string | null;
  readonly instructions_by: string | null;
  readonly status: "active" | "completed" | "archived";
  readonly visibility: "private" | "workspace";
  readonly agent: string;
  readonly model: string | null;
  readonly settings: Settings;
  readonly pinned: boolean;
  readonly temporary: boolean;
  readonly message_count: number;
  readonly active_leaf_id: string | null;
  readonly version: number;
  readonly settings_version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
  readonly activity: "idle" | "working" | "waiting";
}

export interface NewConversation {
  readonly workspaceId: string;
  readonly id: string;
  readonly ownerId: string;
  readonly agent: string;
  readonly model: string | null;
  readonly settings: Settings;
  readonly title: string | null;
  readonly visibility: "private" | "workspace";
  readonly pinned: boolean;
  readonly temporary: boolean;
  /** Whose words title and instructions are, of a copy; absent: the owner's. */
  readonly writtenBy?: { readonly title: string | null; readonly instructions: string | null };
}

// two look-ups in partial indexes, each for one row: one condition over all three statuses would use neither, and an
// `exists` is planned as a hash of everything that is queued anywhere
const activity: Sql = sql`case coalesce(
    (select c.status from completion c
      where c.conversation_id = conversation.id and c.workspace_id = conversation.workspace_id and c.status in ('running', 'waiting')),
    (select c.status from completion c
      where c.conversation_id = conversation.id and c.workspace_id = conversation.workspace_id and c.status = 'queued' limit 1))
  when 'waiting' then 'waiting' when 'running' then 'working' when 'queued' then 'working' else 'idle' end as activity`;

const columns: Sql = sql`workspace_id, id, owner_id, title, title_by, instructions_by, status, visibility, agent, model, settings, pinned, temporary,
  message_count, active_leaf_id, version, settings_version, created_at, updated_at, deleted_at, ${activity}`;

/** Of a row of `conversation`: whether an answer has ended since its owner looked. */
export const unreadByOwner: Sql = sql`answered_at > seen_at`;

/** The same for somebody else. */
export const unreadByOther = (userId: string): Sql => sql`answered_at > coalesce(
  (select s.seen_at from conversation_seen s where s.conversation_id = conversation.id and s.user_id = ${userId}
    and s.workspace_id = conversation.workspace_id), '-infinity')`;

/** Reads a conversation; with `lock`, holds its row until the transaction ends. */
export const findConversation = async (
  database: Database,
  workspaceId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<ConversationRow | undefined> => {
  const rows = await database.query<ConversationRow>(
    sql`select ${columns} from conversation where workspace_id = ${workspaceId} and id = ${id} ${options.lock ? sql`for no key update` : empty}`,
  );
  return rows[0];
};

/** The head of `insert into conversation`, also used inside the statement that accepts a first message. */
export const insertingConversation = (conversation: NewConversation, messages: number, where = empty): Sql => {
  const { title, settings, ownerId, writtenBy = { title: ownerId, instructions: ownerId } } = conversation;
  return sql`
  insert into conversation (workspace_id, id, owner_id, agent, model, settings, title, visibility, pinned, temporary, next_sequence, message_count,
    title_by, instructions_by)
  select ${conversation.workspaceId}, ${conversation.id}, ${ownerId}, ${conversation.agent}, ${conversation.model},
    ${JSON.stringify(settings)}::jsonb, ${title}, ${conversation.visibility}, ${conversation.pinned},
    ${conversation.temporary}, ${messages + 1}, ${messages}, ${title === null ? null : writtenBy.title},
    ${settings.instructions === undefined ? null : writtenBy.instructions} ${where}`;
};

/** Rejects with SQLSTATE 23505 when the id is taken. */
export const insertConversation = async (
  database: Database,
  conversation: NewConversation,
): Promise<ConversationRow> => {
  const [row] = await database.query<ConversationRow>(
    sql`${insertingConversation(conversation, 0)} returning ${columns}`,
  );
  if (row === undefined) throw new Error("insert into conversation returned no row");
  return row;
};

/** Absent members stay as they are. */
export interface ConversationChange {
  readonly title?: string | null | undefined;
  readonly status?: ConversationRow["status"] | undefined;
  readonly visibility?: ConversationRow["visibility"] | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | null | undefined;
  readonly settings?: Settings | undefined;
  readonly pinned?: boolean | undefined;
}

const settled = (settings: Settings): Sql => sql`settings = ${JSON.stringify(settings)}::jsonb,
  instructions_by = case when ${settings.instructions ?? null}::text is null then null
    when settings ->> 'instructions' = ${settings.instructions ?? null}::text then instructions_by else owner_id end`;

const titled = (title: string | null): Sql => sql`title = ${title},
  title_by = case when ${title}::text is null then null when title = ${title}::text then title_by else owner_id end`;

/** Changes what its owner may change; bumps `version` and `settings_version`. */
export const updateConversation = async (
  database: Database,
  workspaceId: string,
  id: string,
  change: ConversationChange,
): Promise<ConversationRow | undefined> => {
  const assignments = [
    ...(change.title === undefined ? [] : [titled(change.title)]),
    ...(change.status === undefined ? [] : [sql`status = ${change.status}`]),
    ...(change.visibility === undefined ? [] : [sql`visibility = ${change.visibility}`]),
    ...(change.agent === undefined ? [] : [sql`agent = ${change.agent}`]),
    ...(change.model === undefined ? [] : [sql`model = ${change.model}`]),
    ...(change.settings === undefined ? [] : [settled(change.settings)]),
    ...(change.pinned === undefined ? [] : [sql`pinned = ${change.pinned}`]),
  ];
  const rows = await database.query<ConversationRow>(sql`
    update conversation set ${join([...assignments, sql`version = version + 1`, sql`settings_version = settings_version + 1`])}
    where workspace_id = ${workspaceId} and id = ${id} returning ${columns}`);
  return rows[0];
};

export const setConversationDeleted = async (
  database: Database,
  workspaceId: string,
  id: string,
  isDeleted: boolean,
): Promise<ConversationRow | undefined> => {
  const rows = await database.query<ConversationRow>(sql`
    update conversation set deleted_at = ${isDeleted ? sql`coalesce(deleted_at, now())` : sql`null`}, version = version + 1
    where workspace_id = ${workspaceId} and id = ${id} returning ${columns}`);
  return rows[0];
};

/** Raises the version after a write to what belongs to the conversation. Undefined: it is not there. */
export const bumpConversation = async (
  database: Database,
  workspaceId: string,
  id: string,
): Promise<ConversationRevision | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    update conversation set version = version + 1, updated_at = now()
    where workspace_id = ${workspaceId} and id = ${id} returning ${revision}`);
  return rows[0]?.revision;
};

/** Where a listing goes on: the last row seen. */
export interface ConversationCursor {
  readonly updatedAt: string;
  readonly id: string;
}

export interface ConversationFilter {
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly status: ConversationRow["status"] | undefined;
  readonly pinned: boolean | undefined;
  /** Part of a title, in any case. */
  readonly query: string | undefined;
  /** True: not the owner's, but those that others share with the workspace. */
  readonly shared: boolean;
  /** Only those in which an answer has ended since the owner looked, or only the others. */
  readonly unread: boolean | undefined;
}

const likeEscaped = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

// written out, so that an index of only those serves
const statusIs: Readonly<Record<ConversationRow["status"], Sql>> = {
  active: sql`and status = 'active'`,
  completed: sql`and status = 'completed' and status <> 'active'`,
  archived: sql`and status = 'archived' and status <> 'active'`,
};

const unreadOf = ({ shared, ownerId }: ConversationFilter): Sql => (shared ? unreadByOther(ownerId) : unreadByOwner);

const matching = (filter: ConversationFilter): Sql => sql`
  workspace_id = ${filter.workspaceId} and deleted_at is null and not temporary
  ${filter.shared ? sql`and owner_id <> ${filter.ownerId} and visibility = 'workspace'` : sql`and owner_id = ${filter.ownerId}`}
  ${filter.status === undefined ? empty : statusIs[filter.status]}
  ${filter.pinned === undefined ? empty : filter.pinned ? sql`and pinned` : sql`and not pinned`}
  ${filter.unread === undefined ? empty : filter.unread ? sql`and ${unreadOf(filter)}` : sql`and (${unreadOf(filter)}) is not true`}
  ${filter.query === undefined ? empty : sql`and title ilike ${likeEscaped(filter.query)}`}`;

/** By last update, newest first. `updatedAt` keeps the database's microseconds, which a Date would lose. */
export const listConversationRows = (
  database: Database,
  filter: ConversationFilter,
  page: { readonly after: ConversationCursor | undefined; readonly limit: number },
): Promise<(ConversationRow & { readonly cursor_at: string; readonly unread: boolean })[]> =>
  database.query(sql`
    select ${columns}, coalesce(${unreadOf(filter)}, false) as unread, updated_at::text as cursor_at from conversation
    where ${matching(filter)}
      ${page.after === undefined ? empty : sql`and (updated_at, id) < (${page.after.updatedAt}::text::timestamptz, ${page.after.id})`}
    order by updated_at desc, id desc limit ${page.limit}`);

export const countConversations = async (database: Database, filter: ConversationFilter): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    sql`select count(*) as count from conversation where ${matching(filter)}`,
  );
  return row?.count ?? 0;
};
