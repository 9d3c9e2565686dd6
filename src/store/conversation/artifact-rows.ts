import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ArtifactDraft, ArtifactKind } from "../../protocol/artifact.ts";
import { revision, type RevisionRow } from "./revision.ts";

export interface ArtifactRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly conversation_id: string;
  readonly kind: ArtifactKind;
  readonly language: string | null;
  readonly title: string;
  /** The newest. */
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface ArtifactVersionRow {
  readonly version: number;
  readonly title: string;
  readonly content: string;
  readonly written_by: "person" | "agent";
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly completion_id: string | null;
  readonly created_at: Date;
}

export type ListedVersionRow = Omit<ArtifactVersionRow, "content"> & { readonly characters: number };

export interface ArtifactPlace {
  readonly workspaceId: string;
  readonly conversationId: string;
}

/** Who writes a version: a person, or an agent by a call of a tool. */
export interface ArtifactAuthor {
  readonly userId: string;
  readonly call: { readonly completionId: string; readonly callId: string } | null;
}

const columns: Sql = sql`workspace_id, id, conversation_id, kind, language, title, version, created_at, updated_at`;
const versionColumns: Sql = sql`version, title, written_by, author_id, completion_id, created_at,
  (select name from "user" where "user".id = author_id) as author_name`;

const authorValues = ({ userId, call }: ArtifactAuthor): Sql => sql`
  ${call === null ? "person" : "agent"}::text, ${userId}::text, ${call?.completionId ?? null}::text, ${call?.callId ?? null}::text`;

const bumping = ({ workspaceId, conversationId }: ArtifactPlace, where: Sql): Sql => sql`
  update conversation set version = version + 1, updated_at = now()
  where workspace_id = ${workspaceId} and id = ${conversationId} and deleted_at is null ${where} returning ${revision}`;

const insertingVersion = (author: ArtifactAuthor, content: string, from: string): Sql => sql`
  insert into artifact_version (workspace_id, artifact_id, version, title, content, written_by, author_id, completion_id, call_id)
  select workspace_id, id, version, title, ${content}, ${authorValues(author)} from ${sql([from])}`;

/** Undefined: the conversation is gone, or has as many as it may. */
export const insertArtifact = async (
  database: Database,
  place: ArtifactPlace,
  {
    id,
    author,
    most,
    ...draft
  }: ArtifactDraft & { readonly id: string; readonly author: ArtifactAuthor; readonly most: number },
): Promise<(ArtifactRow & RevisionRow) | undefined> => {
  const { workspaceId, conversationId } = place;
  const hasRoom = sql`and (select count(*) from artifact
    where artifact.conversation_id = ${conversationId} and artifact.workspace_id = ${workspaceId}) < ${most}::int`;
  const rows = await database.query<ArtifactRow & RevisionRow>(sql`
    with turn as (${bumping(place, hasRoom)}), made as (
      insert into artifact (workspace_id, id, conversation_id, kind, language, title)
      select ${workspaceId}, ${id}, ${conversationId}, ${draft.kind}, ${draft.language ?? null}::text, ${draft.title} from turn
      returning ${columns}
    ), written as (${insertingVersion(author, draft.content, "made")})
    select made.*, turn.revision from made, turn`);
  return rows[0];
};

export interface NewVersion {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  readonly author: ArtifactAuthor;
  /** The newest that the author has seen; null: any. */
  readonly seen: number | null;
}

/** Undefined: somebody else has written a version meanwhile, or it is gone. */
export const insertArtifactVersion = async (
  database: Database,
  place: ArtifactPlace,
  { id, title, content, author, seen }: NewVersion,
): Promise<(ArtifactRow & RevisionRow) | undefined> => {
  const { workspaceId, conversationId } = place;
  const isSeen = seen === null ? empty : sql`and artifact.version = ${seen}::int`;
  const rows = await database.query<ArtifactRow & RevisionRow>(sql`
    with changed as (
      update artifact set version = version + 1, title = ${title}, updated_at = now()
      where id = ${id} and workspace_id = ${workspaceId} and conversation_id = ${conversationId} ${isSeen}
      returning ${columns}
    ), written as (${insertingVersion(author, content, "changed")}),
    turn as (${bumping(place, sql`and exists (select 1 from changed)`)})
    select changed.*, turn.revision from changed, turn`);
  return rows[0];
};

export const findArtifact = async (
  database: Database,
  workspaceId: string,
  id: string,
): Promise<ArtifactRow | undefined> => {
  const rows = await database.query<ArtifactRow>(
    sql`select ${columns} from artifact where id = ${id} and workspace_id = ${workspaceId}`,
  );
  return rows[0];
};

/** One version; the newest where none is named. */
export const findArtifactVersion = async (
  database: Database,
  { workspace_id: workspaceId, id, version: newest }: ArtifactRow,
  version = newest,
): Promise<ArtifactVersionRow | undefined> => {
  const rows = await database.query<ArtifactVersionRow>(sql`
    select ${versionColumns}, content from artifact_version
    where artifact_id = ${id} and workspace_id = ${workspaceId} and version = ${version}::int`);
  return rows[0];
};

/** What an earlier start of a call wrote. */
export const findVersionOfCall = async (
  database: Database,
  workspaceId: string,
  { completionId, callId }: NonNullable<ArtifactAuthor["call"]>,
): Promise<Pick<ArtifactRow, "id" | "kind" | "title" | "version"> | undefined> => {
  const rows = await database.query<Pick<ArtifactRow, "id" | "kind" | "title" | "version">>(sql`
    select a.id, a.kind, v.title, v.version from artifact_version v
    join artifact a on a.id = v.artifact_id and a.workspace_id = v.workspace_id
    where v.completion_id = ${completionId} and v.call_id = ${callId} and v.workspace_id = ${workspaceId}`);
  return rows[0];
};

/** The newest change first; a conversation has few. */
export const listArtifacts = (
  database: Database,
  { workspaceId, conversationId }: ArtifactPlace,
): Promise<ArtifactRow[]> =>
  database.query(sql`
    select ${columns} from artifact where conversation_id = ${conversationId} and workspace_id = ${workspaceId}
    order by updated_at desc, id desc`);

/** The newest first. */
export const listArtifactVersions = (
  database: Database,
  { workspace_id: workspaceId, id }: ArtifactRow,
): Promise<ListedVersionRow[]> =>
  database.query(sql`
    select ${versionColumns}, length(content) as characters from artifact_version
    where artifact_id = ${id} and workspace_id = ${workspaceId} order by version desc`);

export const deleteArtifact = async (
  database: Database,
  { workspace_id: workspaceId, conversation_id: conversationId, id }: ArtifactRow,
): Promise<RevisionRow | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with gone as (delete from artifact where id = ${id} and workspace_id = ${workspaceId} returning id)
    ${bumping({ workspaceId, conversationId }, sql`and exists (select 1 from gone)`)}`);
  return rows[0];
};
