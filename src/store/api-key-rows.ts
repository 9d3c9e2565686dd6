import sql from "sql-template-tag";
import type { Database } from "../ports/database.ts";
import type { Role } from "../protocol/principal.ts";

export interface ApiKeyRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
}

/** Whose keys: a user's in a workspace. */
export interface KeyOwner {
  readonly workspaceId: string;
  readonly userId: string;
}

export interface NewApiKey extends KeyOwner {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly expiresAt: Date | null;
}

const columns = sql`workspace_id, id, user_id, name, prefix, created_at, expires_at, last_used_at`;

/** Undefined: the owner has `most` keys already. */
export const insertApiKey = async (
  database: Database,
  key: NewApiKey,
  most: number,
): Promise<ApiKeyRow | undefined> => {
  const rows = await database.query<ApiKeyRow>(sql`
    insert into api_key (workspace_id, id, user_id, name, prefix, hash, expires_at)
    select ${key.workspaceId}, ${key.id}, ${key.userId}, ${key.name}, ${key.prefix}, ${key.hash}, ${key.expiresAt}::timestamptz
    where (select count(*) from api_key where workspace_id = ${key.workspaceId} and user_id = ${key.userId} and revoked_at is null) < ${most}
    returning ${columns}`);
  return rows[0];
};

/** Those that are not revoked, newest first. */
export const listApiKeyRows = (database: Database, { workspaceId, userId }: KeyOwner): Promise<ApiKeyRow[]> =>
  database.query(sql`
    select ${columns} from api_key where workspace_id = ${workspaceId} and user_id = ${userId} and revoked_at is null
    order by created_at desc, id desc`);

/** The hash of the key that is revoked now; undefined when there is none of that id. */
export const revokeApiKeyRow = async (
  database: Database,
  { workspaceId, userId }: KeyOwner,
  id: string,
): Promise<string | undefined> => {
  const rows = await database.query<{ hash: string }>(sql`
    update api_key set revoked_at = now()
    where workspace_id = ${workspaceId} and user_id = ${userId} and id = ${id} and revoked_at is null returning hash`);
  return rows[0]?.hash;
};

/** Who a key stands for, as they are a member now. */
export interface KeyHolderRow {
  readonly user_id: string;
  readonly workspace_id: string;
  readonly role: Role;
  readonly name: string | null;
  readonly suspended_at: Date | null;
  /** By the database's clock. */
  readonly seconds_left: number | null;
}

/** The holder of a key that is neither revoked nor expired; notes its use, at most once a minute. */
export const findKeyHolder = async (database: Database, hash: string): Promise<KeyHolderRow | undefined> => {
  const rows = await database.query<KeyHolderRow>(sql`
    with live as (
      select * from api_key where hash = ${hash} and revoked_at is null and (expires_at is null or expires_at > now())
    ), used as (
      update api_key set last_used_at = now() from live where api_key.workspace_id = live.workspace_id and api_key.id = live.id
        and (live.last_used_at is null or live.last_used_at < now() - interval '1 minute')
    )
    select live.user_id, live.workspace_id, m.role, u.name, u.suspended_at,
      extract(epoch from live.expires_at - now())::float8 as seconds_left
    from live join "user" u on u.id = live.user_id
    join member m on m.user_id = live.user_id and m.workspace_id = live.workspace_id`);
  return rows[0];
};

/** Whether any key can be used. */
export const hasLiveKey = async (database: Database): Promise<boolean> => {
  const rows = await database.query(
    sql`select 1 from api_key where revoked_at is null and (expires_at is null or expires_at > now()) limit 1`,
  );
  return rows.length > 0;
};
