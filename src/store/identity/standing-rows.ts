import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";

/** Who somebody was when they came, as far as it can end. */
export type Standing = Pick<Principal, "userId" | "workspaceId" | "keyId" | "sessionId" | "actorId">;

/**
 * Which of them may not be here any more, by their index: suspended (everywhere or there), no member, or by a key or a
 * session that has ended.
 */
export const findLapsedRows = async (database: Database, standings: readonly Standing[]): Promise<number[]> => {
  const column = (read: (standing: Standing) => string | undefined): string[] =>
    standings.map((standing) => read(standing) ?? "");
  const rows = await database.query<{ place: number }>(sql`
    with asked as (
      select * from unnest(
        ${column(({ userId }) => userId)}::text[], ${column(({ workspaceId }) => workspaceId)}::text[],
        ${column(({ keyId }) => keyId)}::text[], ${column(({ sessionId }) => sessionId)}::text[],
        ${column(({ actorId }) => actorId)}::text[]
      ) with ordinality as asked (user_id, workspace_id, key_id, session_id, actor_id, place)
    )
    select asked.place::int as place from asked
    left join "user" u on u.id = asked.user_id
    left join "user" actor on actor.id = asked.actor_id
    left join member m on m.user_id = asked.user_id and m.workspace_id = asked.workspace_id
    left join api_key k on k.id = asked.key_id and k.workspace_id = asked.workspace_id
    left join api_key maker on maker.id = k.made_by and maker.workspace_id = k.workspace_id
    left join member of_maker on of_maker.user_id = maker.user_id and of_maker.workspace_id = maker.workspace_id
    left join "user" person on person.id = maker.user_id
    left join account_session s on s.id = asked.session_id
    where u.id is null or u.suspended_at is not null or actor.suspended_at is not null
      or m.user_id is null or m.suspended_at is not null
      or (asked.key_id <> '' and (k.id is null or k.revoked_at is not null or k.expires_at <= now() or maker.revoked_at is not null))
      or (maker.id is not null and (of_maker.user_id is null or of_maker.suspended_at is not null or person.suspended_at is not null))
      or (asked.session_id <> '' and (s.id is null or s.expires_at <= now()))`);
  return rows.map(({ place }) => place - 1);
};
