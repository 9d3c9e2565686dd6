import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** Whose answer it is; `key` is over them and everything that the model was told. */
export interface CachedAnswerKey {
  readonly key: string;
  readonly workspaceId: string;
  readonly userId: string;
}

export const findCachedAnswer = async (
  database: Database,
  { key, workspaceId, userId }: CachedAnswerKey,
): Promise<unknown> => {
  const [row] = await database.query<{ answer: unknown }>(sql`
    select answer from cached_answer
    where key = ${key} and workspace_id = ${workspaceId} and user_id = ${userId} and expires_at > now()`);
  return row?.answer;
};

/** Keeps an answer for so many seconds; some that are over go with it. */
export const putCachedAnswer = (
  database: Database,
  { key, workspaceId, userId }: CachedAnswerKey,
  answer: unknown,
  seconds: number,
): Promise<unknown[]> =>
  database.query(sql`
    with over as (
      delete from cached_answer where key in (
        select key from cached_answer where expires_at < now() and key <> ${key} limit 10 for update skip locked)
    )
    insert into cached_answer (key, workspace_id, user_id, answer, expires_at)
    values (${key}, ${workspaceId}, ${userId}, ${JSON.stringify(answer)}::jsonb, now() + make_interval(secs => ${seconds}::float8))
    on conflict (key) do update set answer = excluded.answer, expires_at = excluded.expires_at`);

/** Forgets what is over. */
export const purgeCachedAnswers = (database: Database): Promise<unknown[]> =>
  database.query(sql`delete from cached_answer where expires_at < now()`);
