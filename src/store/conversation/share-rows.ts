import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";

export interface ShareRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly conversation_id: string;
  readonly message_id: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly views: number;
}

export interface NewShareRow {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly id: string;
  readonly tokenHash: string;
  readonly createdBy: string;
  /** The conversation's, as it is shown from now on. */
  readonly title: string | null;
  /** Whose words that is; null: no person's. */
  readonly titleBy: string | null;
  readonly expiresIn: number | null;
  /** Open links of the conversation, at most. */
  readonly most: number;
}

const columns: Sql = sql`share.workspace_id, share.id, share.conversation_id, share.message_id, share.created_at, share.expires_at, share.views`;
const isOpen: Sql = sql`share.revoked_at is null and (share.expires_at is null or share.expires_at > now())`;

/** Undefined: the conversation has as many open links as it may. */
export const insertShare = async (database: Database, share: NewShareRow): Promise<ShareRow | undefined> => {
  const rows = await database.query<ShareRow>(sql`
    insert into share (workspace_id, id, conversation_id, message_id, token_hash, created_by, title, title_by, expires_at)
    select ${share.workspaceId}, ${share.id}, ${share.conversationId}, ${share.messageId}, ${share.tokenHash}, ${share.createdBy},
      ${share.title}, ${share.titleBy}, now() + make_interval(secs => ${share.expiresIn}::double precision)
    where (select count(*) from share where conversation_id = ${share.conversationId} and workspace_id = ${share.workspaceId}
      and ${isOpen}) < ${share.most}::int
    returning ${columns}`);
  return rows[0];
};

/** Open links, the newest first. */
export const listShares = (database: Database, workspaceId: string, conversationId: string): Promise<ShareRow[]> =>
  database.query(sql`
    select ${columns} from share where conversation_id = ${conversationId} and workspace_id = ${workspaceId} and ${isOpen}
    order by created_at desc, id desc`);

/** False: there is no such open link. */
export const revokeShare = async (
  database: Database,
  {
    workspaceId,
    conversationId,
    id,
  }: { readonly workspaceId: string; readonly conversationId: string; readonly id: string },
): Promise<boolean> => {
  const rows = await database.query(sql`
    update share set revoked_at = now() where id = ${id} and workspace_id = ${workspaceId}
      and conversation_id = ${conversationId} and ${isOpen} returning id`);
  return rows.length === 1;
};

export interface OpenShareRow extends ShareRow {
  /** The conversation's, as it was. */
  readonly title: string | null;
}

/** An open link of a conversation that is there, made by somebody who may still be there. */
export const findOpenShare = async (database: Database, tokenHash: string): Promise<OpenShareRow | undefined> => {
  const rows = await database.query<OpenShareRow>(sql`
    select ${columns}, share.title from share
    join conversation c on c.id = share.conversation_id and c.workspace_id = share.workspace_id
    join member m on m.user_id = share.created_by and m.workspace_id = share.workspace_id and m.suspended_at is null
    join "user" u on u.id = share.created_by and u.suspended_at is null
    where share.token_hash = ${tokenHash} and ${isOpen} and c.deleted_at is null and not c.temporary`);
  return rows[0];
};

/** Somebody has opened it. */
export const countView = (database: Database, { id, workspace_id: workspaceId }: ShareRow): Promise<unknown[]> =>
  database.query(sql`update share set views = views + 1 where id = ${id} and workspace_id = ${workspaceId}`);

/** Gives a new, empty conversation its messages, one under the other. */
export const insertCopiedMessages = (
  database: Database,
  { workspaceId, conversationId }: { readonly workspaceId: string; readonly conversationId: string },
  messages: readonly {
    readonly id: string;
    readonly role: "user" | "assistant";
    readonly authorId: string | null;
    readonly parts: readonly Part[];
  }[],
): Promise<unknown[]> =>
  database.query(sql`
    with given as (
      select id, role, author_id, parts, place::int, lag(id) over (order by place) as above
      from jsonb_to_recordset(${JSON.stringify(messages.map(({ authorId, ...message }, place) => ({ ...message, author_id: authorId, place: place + 1 })))}::jsonb)
        as m(id text, role text, author_id text, parts jsonb, place bigint)
    ), copied as (
      insert into message (workspace_id, conversation_id, id, parent_id, sequence, role, author_id, parts)
      select ${workspaceId}, ${conversationId}, id, above, place, role, author_id, parts from given order by place returning id, sequence
    )
    update conversation set next_sequence = (select count(*) from copied)::int + 1, message_count = (select count(*) from copied)::int,
      active_leaf_id = (select id from copied order by sequence desc limit 1)
    where workspace_id = ${workspaceId} and id = ${conversationId}`);
