import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../ports/database.ts";
import type { Lease } from "./completion/claims.ts";

export interface JobRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly fence: number;
}

export interface NewJob {
  readonly workspaceId: string;
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly payload: unknown;
}

/** A claim of a job: every later write of it must still find this fence. */
export interface HeldJob {
  readonly workspaceId: string;
  readonly id: string;
  readonly fence: number;
}

/** The job that gives a conversation a title: made by its first answer that is completed, or by a person. */
export const titleKind = "title";

/** The job that runs a background tool's body; its subject is the execution. */
export const backgroundKind = "background-tool";

/** The job that goes on with a background tool's result; its subject is the execution. */
export const continueKind = "continue";

/** The job that tells a webhook what is due for it; its subject is the webhook. */
export const webhookKind = "webhook";

/** The job that erases what a user left in a workspace; its subject is the user. */
export const eraseKind = "erase";

/** Stores a job, due at once. False: there is an open one of this kind for its subject. */
export const insertJob = async (database: Database, job: NewJob): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into job (workspace_id, id, kind, subject, payload)
    values (${job.workspaceId}, ${job.id}, ${job.kind}, ${job.subject}, ${JSON.stringify(job.payload)}::jsonb)
    on conflict (subject, kind, workspace_id) where failed_at is null do nothing returning 1`);
  return rows.length === 1;
};

const leased = ({ seconds }: Lease): Sql => sql`now() + make_interval(secs => ${seconds}::float8)`;

/** Claims the job of these kinds that has been due for longest. */
export const claimJob = async (
  database: Database,
  kinds: readonly string[],
  lease: Lease,
): Promise<JobRow | undefined> => {
  const rows = await database.query<JobRow>(sql`
    with due as (
      select workspace_id, id from job where failed_at is null and due_at <= now() and kind = any(${kinds})
      order by due_at limit 1 for no key update skip locked
    )
    update job set fence = job.fence + 1, attempts = job.attempts + 1, worker_id = ${lease.workerId}, due_at = ${leased(lease)}
    from due where job.workspace_id = due.workspace_id and job.id = due.id
    returning job.workspace_id, job.id, job.kind, job.subject, job.payload, job.attempts, job.fence`);
  return rows[0];
};

/** Prolongs the leases of a worker on these jobs. */
export const renewJobs = (database: Database, lease: Lease, ids: readonly string[]): Promise<unknown[]> =>
  database.query(sql`
    update job set due_at = ${leased(lease)} where worker_id = ${lease.workerId} and failed_at is null and id = any(${ids})`);

const held = ({ workspaceId, id, fence }: HeldJob): Sql =>
  sql`workspace_id = ${workspaceId} and id = ${id} and fence = ${fence} and failed_at is null`;

export const deleteJob = (database: Database, job: HeldJob): Promise<unknown[]> =>
  database.query(sql`delete from job where ${held(job)}`);

/** Gives a job back, to be tried again in some seconds. */
export const postponeJob = (database: Database, job: HeldJob, seconds: number): Promise<unknown[]> =>
  database.query(sql`
    update job set worker_id = null, due_at = now() + make_interval(secs => ${seconds}::float8) where ${held(job)}`);

/** Gives a job back at once, as if it had not been claimed. */
export const handOverJob = (database: Database, job: HeldJob): Promise<unknown[]> =>
  database.query(sql`
    update job set worker_id = null, due_at = now(), attempts = attempts - 1 where ${held(job)}`);

/** Gives a job up; it stays to be looked at. */
export const failJob = (database: Database, job: HeldJob, error: string): Promise<unknown[]> =>
  database.query(sql`
    update job set worker_id = null, failed_at = now(), error = ${error} where ${held(job)}`);

/** For the process that owns the data folder alone: nobody else can hold a lease. */
export const expireJobLeases = (database: Database): Promise<unknown[]> =>
  database.query(sql`update job set due_at = now() where worker_id is not null and failed_at is null`);

/** Forgets jobs that were given up 30 days ago. */
export const purgeFailedJobs = (database: Database): Promise<unknown[]> =>
  database.query(sql`delete from job where failed_at < now() - interval '30 days'`);
