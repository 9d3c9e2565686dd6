import sql from "sql-template-tag";
import type { Database } from "../ports/database.ts";

export interface IdempotencyRow {
  readonly request_hash: string;
  readonly conversation_id: string;
  readonly completion_id: string;
}

export interface IdempotencyClaim {
  readonly scope: string;
  readonly key: string;
  readonly requestHash: string;
  readonly conversationId: string;
  readonly completionId: string;
}

/**
 * Takes the key for this transaction. Waits for another transaction that is taking it; false when it is taken. A key
 * older than 24 hours is free again.
 */
export const takeIdempotencyKey = async (database: Database, claim: IdempotencyClaim): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into idempotency (scope, key, request_hash, conversation_id, completion_id)
    values (${claim.scope}, ${claim.key}, ${claim.requestHash}, ${claim.conversationId}, ${claim.completionId})
    on conflict (scope, key) do update set request_hash = excluded.request_hash, conversation_id = excluded.conversation_id,
      completion_id = excluded.completion_id, created_at = now()
    where idempotency.created_at < now() - interval '24 hours'
    returning 1`);
  return rows.length === 1;
};

export const findIdempotencyKey = async (
  database: Database,
  scope: string,
  key: string,
): Promise<IdempotencyRow | undefined> => {
  const rows = await database.query<IdempotencyRow>(sql`
    select request_hash, conversation_id, completion_id from idempotency where scope = ${scope} and key = ${key}`);
  return rows[0];
};

/** Forgets keys older than 24 hours. */
export const purgeIdempotencyKeys = (database: Database): Promise<unknown[]> =>
  database.query(sql`delete from idempotency where created_at < now() - interval '24 hours'`);
