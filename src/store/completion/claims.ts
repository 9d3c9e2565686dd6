import sql, { empty, type Sql } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Database } from "../../ports/database.ts";
import { hasResults } from "../background/claiming.ts";
import { completionColumns, type CompletionRow } from "./completion-rows.ts";
import { placing } from "../message/placement.ts";
import type { RevisionRow } from "../conversation/revision.ts";

export interface Lease {
  readonly workerId: string;
  readonly seconds: number;
}

/** What a claim from the queue has to keep to. */
export interface ClaimTerms extends Lease {
  /**
   * Completions of one user that run at a time: what is beyond them waits, and others go first. Claims that are made at
   * the same instant don't see each other, so that there may be a few more for a while. Absent: any number.
   */
  readonly runningPerUser?: number | undefined;
}

const leased = (lease: Lease): Sql => sql`now() + make_interval(secs => ${lease.seconds}::float8)`;

/**
 * A queued completion may start when nothing of its conversation is at work, nothing waits before it, and the conversation
 * is there. `seen` is the rank when this statement began, `c` the row as it is when it is locked: they differ when
 * something was moved before it in between.
 */
const startable: Sql = sql`
  c.status = 'queued'
  and c.rank = (select seen.rank from completion seen where seen.workspace_id = c.workspace_id and seen.id = c.id)
  and not exists (select 1 from completion other where other.workspace_id = c.workspace_id and other.conversation_id = c.conversation_id
    and other.status in ('running', 'waiting'))
  and not exists (select 1 from completion other where other.workspace_id = c.workspace_id and other.conversation_id = c.conversation_id
    and other.status = 'queued' and other.rank < c.rank)
  and (select v.deleted_at is null from conversation v where v.workspace_id = c.workspace_id and v.id = c.conversation_id)`;

/** For one completion, whose user is known: what runs for it is counted. */
const hasRoom = ({ runningPerUser }: ClaimTerms): Sql =>
  runningPerUser === undefined
    ? empty
    : sql`and (select count(*) from (select 1 from completion running
        where running.requested_by = c.requested_by and running.status = 'running' limit ${runningPerUser}::int) own) < ${runningPerUser}`;

/** For any: the users without room are found once, however many of theirs wait before the one that is claimed. */
const isOfSomebodyWithRoom = ({ runningPerUser }: Pick<ClaimTerms, "runningPerUser">): Sql =>
  runningPerUser === undefined
    ? empty
    : sql`and c.requested_by not in (select running.requested_by from completion running
        where running.status = 'running' group by running.requested_by having count(*) >= ${runningPerUser})`;

/** Of the completions `c`, those that may be claimed now, the one whose turn it is first. */
export const nextDue = (terms: Pick<ClaimTerms, "runningPerUser">): Sql =>
  sql`${startable} ${isOfSomebodyWithRoom(terms)} order by c.due_at`;

const claimDue = (due: Sql, lease: Lease): Sql => sql`
  with recursive due as (
    select c.workspace_id, c.id, c.conversation_id, c.message_id, c.user_message_id, c.sent_on from completion c
    where ${due} limit 1 for no key update of c skip locked
  ), ${placing}
  update completion set status = 'running', fence = completion.fence + 1, worker_id = ${lease.workerId}, lease_until = ${leased(lease)},
    started_at = coalesce(completion.started_at, now())
  from due, moved where completion.workspace_id = due.workspace_id and completion.id = due.id
  returning ${completionColumns}, moved.revision, ${hasResults}`;

/** A completion that was claimed from the queue. */
export type ClaimedRow = CompletionRow &
  RevisionRow & {
    /** Whether background tools of the conversation have given results that its message may carry. */
    readonly has_results: boolean;
  };

/** Claims this completion, if it may start. */
export const claimQueued = async (
  database: Database,
  key: CompletionKey,
  terms: ClaimTerms,
): Promise<ClaimedRow | undefined> => {
  const rows = await database.query<ClaimedRow>(
    claimDue(
      sql`c.workspace_id = ${key.workspaceId} and c.id = ${key.completionId} and ${startable} ${hasRoom(terms)}`,
      terms,
    ),
  );
  return rows[0];
};

/** Claims the completion whose turn it is among all users and workspaces. */
export const claimOldest = async (database: Database, terms: ClaimTerms): Promise<ClaimedRow | undefined> => {
  const rows = await database.query<ClaimedRow>(claimDue(nextDue(terms), terms));
  return rows[0];
};

/** The first waiting send of a conversation. */
export const findNextQueued = async (
  database: Database,
  workspaceId: string,
  conversationId: string,
): Promise<string | undefined> => {
  const rows = await database.query<{ id: string }>(sql`
    select id from completion where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and status = 'queued' order by rank limit 1`);
  return rows[0]?.id;
};

/** A completion that was taken over; `has_crashed`: its worker did not hand it over. */
export type TakenOverRow = CompletionRow & { readonly has_crashed: boolean };

/** Takes over a running completion whose lease ran out (a crash) or that was handed over (none). */
export const takeOverExpired = async (database: Database, lease: Lease): Promise<TakenOverRow | undefined> => {
  const rows = await database.query<TakenOverRow>(sql`
    with due as (
      select workspace_id, id, worker_id is not null as has_crashed from completion where status = 'running' and lease_until < now()
      order by lease_until limit 1 for no key update skip locked
    )
    update completion set fence = completion.fence + 1, crashes = completion.crashes + due.has_crashed::int,
      worker_id = ${lease.workerId}, lease_until = ${leased(lease)}
    from due where completion.workspace_id = due.workspace_id and completion.id = due.id
    returning ${completionColumns}, due.has_crashed`);
  return rows[0];
};

export interface Held {
  readonly workspace_id: string;
  readonly id: string;
  readonly fence: number;
  readonly is_cancelled: boolean;
}

/** Prolongs the worker's leases on these completions. One that is not answered is lost to it, or has ended. */
export const renewLeases = (database: Database, lease: Lease, ids: readonly string[]): Promise<Held[]> =>
  database.query(sql`
    update completion set lease_until = ${leased(lease)} where worker_id = ${lease.workerId} and status = 'running' and id = any(${ids})
    returning workspace_id, id, fence, cancel_requested_at is not null as is_cancelled`);

/** Completions of the worker that somebody asked to stop. */
export const listCancelled = (database: Database, workerId: string): Promise<{ workspace_id: string; id: string }[]> =>
  database.query(sql`
    select workspace_id, id from completion
    where status = 'running' and worker_id = ${workerId} and cancel_requested_at is not null`);

/** Gives a completion back without counting a crash; the next worker takes it over at once. */
export const handOver = (database: Database, key: CompletionKey, fence: number): Promise<{ id: string }[]> =>
  database.query(sql`
    update completion set worker_id = null, lease_until = now() - interval '1 millisecond'
    where workspace_id = ${key.workspaceId} and id = ${key.completionId} and fence = ${fence} and status = 'running' returning id`);

/** For the process that owns the data folder alone: nobody else can hold a lease. */
export const expireAllLeases = (database: Database): Promise<unknown[]> =>
  database.query(sql`update completion set lease_until = now() - interval '1 millisecond' where status = 'running'`);
