import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

export interface AttachmentRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly owner_id: string;
  readonly media_type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly file_name: string | null;
  readonly created_at: Date;
}

/** Where an attachment is shown, as far as access is decided by it. */
export interface AttachmentPlaceRow {
  readonly id: string;
  readonly owner_id: string;
  readonly visibility: "private" | "workspace";
  readonly deleted_at: Date | null;
}

export interface NewAttachment {
  readonly id: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly fileName: string | null;
}

export interface AttachmentPlace {
  readonly workspaceId: string;
  readonly conversationId: string;
}

/** With the conversations that show it. */
export type PlacedAttachmentRow = AttachmentRow & { readonly places: readonly AttachmentPlaceRow[] };

const columns = sql`a.workspace_id, a.id, a.owner_id, a.media_type, a.bytes, a.sha256, a.file_name, a.created_at`;

/** Those of these ids that there are. */
export const findAttachments = async (
  database: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<PlacedAttachmentRow[]> => {
  const rows = await database.query<
    AttachmentRow & { places: (Omit<AttachmentPlaceRow, "deleted_at"> & { deleted_at: string | null })[] }
  >(sql`
    select ${columns}, coalesce((
      select jsonb_agg(jsonb_build_object('id', c.id, 'owner_id', c.owner_id, 'visibility', c.visibility, 'deleted_at', c.deleted_at))
      from conversation_attachment p join conversation c on c.workspace_id = p.workspace_id and c.id = p.conversation_id
      where p.workspace_id = a.workspace_id and p.attachment_id = a.id), '[]') as places
    from attachment a where a.workspace_id = ${workspaceId} and a.id = any(${ids})`);
  return rows.map((row) => ({
    ...row,
    places: row.places.map((place) => ({
      ...place,
      deleted_at: place.deleted_at === null ? null : new Date(place.deleted_at),
    })),
  }));
};

/** Stores new attachments of a conversation. */
export const insertAttachments = (
  database: Database,
  { workspaceId, conversationId }: AttachmentPlace,
  ownerId: string,
  attachments: readonly NewAttachment[],
): Promise<unknown[]> =>
  database.query(sql`
    with made as (
      insert into attachment (workspace_id, id, owner_id, media_type, bytes, sha256, file_name)
      select ${workspaceId}, id, ${ownerId}, "mediaType", bytes, sha256, "fileName"
      from jsonb_to_recordset(${JSON.stringify(attachments)}::jsonb) as f(id text, "mediaType" text, bytes integer, sha256 text, "fileName" text)
      returning id)
    insert into conversation_attachment (workspace_id, conversation_id, attachment_id)
    select ${workspaceId}, ${conversationId}, id from made`);

/** Stores a file that no conversation shows yet. */
export const insertUpload = async (
  database: Database,
  { workspaceId, ownerId }: { readonly workspaceId: string; readonly ownerId: string },
  file: NewAttachment,
): Promise<AttachmentRow> => {
  const [row] = await database.query<AttachmentRow>(sql`
    insert into attachment as a (workspace_id, id, owner_id, media_type, bytes, sha256, file_name)
    values (${workspaceId}, ${file.id}, ${ownerId}, ${file.mediaType}, ${file.bytes}, ${file.sha256}, ${file.fileName})
    returning ${columns}`);
  if (row === undefined) throw new Error("insert into attachment returned no row");
  return row;
};

/** Holds what a user stores until the transaction ends. */
export const lockFilesOf = (database: Database, userId: string): Promise<unknown[]> =>
  database.query(sql`select pg_advisory_xact_lock(hashtextextended(${`attachments of ${userId}`}, 0))::text`);

/** Bytes of a user's files in all workspaces. */
export const sumFilesOf = async (database: Database, userId: string): Promise<number> => {
  const [row] = await database.query<{ bytes: number }>(
    sql`select coalesce(sum(bytes), 0)::bigint as bytes from attachment where owner_id = ${userId}`,
  );
  return row?.bytes ?? 0;
};

/** Shows attachments in a conversation; where they are shown already, they stay. False: one of them is being purged. */
export const placeAttachments = async (
  database: Database,
  { workspaceId, conversationId }: AttachmentPlace,
  ids: readonly string[],
): Promise<boolean> => {
  const [row] = await database.query<{ count: number }>(sql`
    with found as (
      select id from attachment where workspace_id = ${workspaceId} and id = any(${ids}) order by id for key share
    ), placed as (
      insert into conversation_attachment (workspace_id, conversation_id, attachment_id)
      select ${workspaceId}, ${conversationId}, id from found on conflict do nothing
    )
    select count(*) as count from found`);
  return row?.count === ids.length;
};

/** Those of these ids that have a row in any workspace. */
export const findKnownIds = async (database: Database, ids: readonly string[]): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(sql`
    select id from attachment where id = any(${ids})
    union select id from import_run where id = any(${ids}) and finished_at is null`);
  return rows.map(({ id }) => id);
};

const isUnplaced = sql`a.created_at < now() - interval '1 day'
  and not exists (select 1 from conversation_attachment p where p.workspace_id = a.workspace_id and p.attachment_id = a.id)`;

/** Forgets attachments that no conversation has shown for a day; what was in them is collected afterwards. */
export const purgeUnplacedAttachments = (database: Database): Promise<void> =>
  database.transaction(async () => {
    // locked first and looked at again by the next statement: a message may have named one in between
    const locked = await database.query<{ id: string }>(
      sql`select a.id from attachment a where ${isUnplaced} for update skip locked`,
    );
    const ids = locked.map(({ id }) => id);
    await database.query(sql`delete from attachment a where a.id = any(${ids}) and ${isUnplaced}`);
  });

const named = sql`substr(part ->> 'url', length('/v1/attachments/') + 1)`;

/** Shows in a copied conversation what the messages copied to it name. */
export const copyPlaces = (
  database: Database,
  { workspaceId, conversationId }: AttachmentPlace,
  toConversationId: string,
): Promise<unknown[]> =>
  database.query(sql`
    insert into conversation_attachment (workspace_id, conversation_id, attachment_id)
    select distinct p.workspace_id, m.conversation_id, p.attachment_id
    from message m cross join jsonb_array_elements(m.parts) part
    join conversation_attachment p on p.attachment_id = ${named}
      and p.workspace_id = ${workspaceId} and p.conversation_id = ${conversationId}
    where m.workspace_id = ${workspaceId} and m.conversation_id = ${toConversationId} and part ->> 'type' = 'file'`);

/** Shows in a conversation only what its messages still name. */
export const releaseAttachments = (
  database: Database,
  { workspaceId, conversationId }: AttachmentPlace,
): Promise<unknown[]> =>
  database.query(sql`
    delete from conversation_attachment where workspace_id = ${workspaceId} and conversation_id = ${conversationId}
      and attachment_id <> all (array(
        select ${named} from message m cross join jsonb_array_elements(m.parts) part
        where m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId} and part ->> 'type' = 'file'
          and part ->> 'url' is not null))`);
