import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Role, Scope, WorkspacePolicy } from "../../protocol/people/principal.ts";
import { policyOfWorkspace } from "./people.ts";

export interface ApiKeyRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly kind: "personal" | "service" | "browser";
  readonly scopes: readonly Scope[];
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
  readonly kind: "personal" | "service";
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

const columns = sql`workspace_id, id, user_id, name, prefix, kind, scopes, created_at, expires_at, last_used_at`;
const isListed = sql`kind <> 'browser' and revoked_at is null`;

/** Undefined: the owner has `most` keys already. */
export const insertApiKey = async (
  database: Database,
  key: NewApiKey,
  most: number,
): Promise<ApiKeyRow | undefined> => {
  const rows = await database.query<ApiKeyRow>(sql`
    insert into api_key (workspace_id, id, user_id, name, prefix, hash, kind, scopes, expires_at)
    select ${key.workspaceId}, ${key.id}, ${key.userId}, ${key.name}, ${key.prefix}, ${key.hash}, ${key.kind},
      ${JSON.stringify(key.scopes)}::jsonb, ${key.expiresAt}::timestamptz
    where (select count(*) from api_key where workspace_id = ${key.workspaceId} and user_id = ${key.userId} and ${isListed}) < ${most}
    returning ${columns}`);
  return rows[0];
};

/** Those that are not revoked, newest first. */
export const listApiKeyRows = (database: Database, { workspaceId, userId }: KeyOwner): Promise<ApiKeyRow[]> =>
  database.query(sql`
    select ${columns} from api_key where workspace_id = ${workspaceId} and user_id = ${userId} and ${isListed}
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

export interface NewBrowserToken extends KeyOwner {
  readonly id: string;
  readonly prefix: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** The key that it was exchanged for. */
  readonly madeBy: string;
  readonly seconds: number;
}

/** The time at which it ends, by the database's clock. */
export const insertBrowserToken = async (database: Database, token: NewBrowserToken): Promise<Date> => {
  const [row] = await database.query<{ expires_at: Date }>(sql`
    insert into api_key (workspace_id, id, user_id, name, prefix, hash, kind, scopes, made_by, expires_at)
    values (${token.workspaceId}, ${token.id}, ${token.userId}, 'Browser', ${token.prefix}, ${token.hash}, 'browser',
      ${JSON.stringify(token.scopes)}::jsonb, ${token.madeBy}, 
      least(now() + ${token.seconds}::int * interval '1 second',
        (select expires_at from api_key where id = ${token.madeBy} and workspace_id = ${token.workspaceId})))
    returning expires_at`);
  if (row === undefined) throw new Error("insert into api_key returned no row");
  return row.expires_at;
};

/** Browser tokens that have ended can't be used or shown any more. */
export const purgeBrowserTokens = (database: Database): Promise<unknown[]> =>
  database.query(sql`
    delete from api_key where (id, workspace_id) in (
      select id, workspace_id from api_key where kind = 'browser' and expires_at < now() - interval '1 hour' limit 1000)`);

/** Who a key stands for, as they are a member now. */
export interface KeyHolderRow {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly policy: WorkspacePolicy | null;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly role: Role;
  readonly name: string | null;
  readonly suspended_at: Date | null;
  /** By the database's clock. */
  readonly seconds_left: number | null;
}

const isLive = sql`k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;

/** The holder of a key that is neither revoked nor expired; notes its use, at most once a minute. */
export const findKeyHolder = async (database: Database, hash: string): Promise<KeyHolderRow | undefined> => {
  const rows = await database.query<KeyHolderRow>(sql`
    with live as (
      select * from api_key k where k.hash = ${hash} and ${isLive}
        and (k.made_by is null or exists (
          select from api_key maker
          join member of_maker on of_maker.user_id = maker.user_id and of_maker.workspace_id = maker.workspace_id
          join "user" person on person.id = maker.user_id
          where maker.id = k.made_by and maker.workspace_id = k.workspace_id and maker.revoked_at is null
            and of_maker.suspended_at is null and person.suspended_at is null))
    ), used as (
      update api_key set last_used_at = now() from live where api_key.workspace_id = live.workspace_id and api_key.id = live.id
        and (live.last_used_at is null or live.last_used_at < now() - interval '1 minute')
    )
    select live.id, live.scopes, live.user_id, live.workspace_id, m.role, u.name,
      coalesce(u.suspended_at, m.suspended_at) as suspended_at, ${policyOfWorkspace} as policy,
      extract(epoch from live.expires_at - now())::float8 as seconds_left
    from live join "user" u on u.id = live.user_id
    join member m on m.user_id = live.user_id and m.workspace_id = live.workspace_id
    join workspace w on w.id = live.workspace_id`);
  return rows[0];
};

/** Whether any key can be used. */
export const hasLiveKey = async (database: Database): Promise<boolean> => {
  const rows = await database.query(sql`select 1 from api_key k where k.kind <> 'browser' and ${isLive} limit 1`);
  return rows.length > 0;
};
