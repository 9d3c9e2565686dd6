import type { Database } from "../ports/database.ts";
import { readBacklogRow } from "../store/completion/backlog-rows.ts";

/** What all nodes of a database have before them. */
export interface Backlog {
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  /** How long the completion that could start and has waited for longest has been due; 0: none waits. */
  readonly dueSeconds: number;
  /** How long ago the lease that was neglected for longest was taken or prolonged; 0: nothing runs. */
  readonly leaseAgeSeconds: number;
}

/** What nodes claim by: how long a lease lasts, and how many completions of one user run at a time. */
export interface BacklogTerms {
  readonly leaseSeconds: number;
  readonly runningPerUser?: number | undefined;
}

export const readBacklog = async (
  database: Database,
  { leaseSeconds, runningPerUser }: BacklogTerms,
): Promise<Backlog> => {
  const { queued, running, waiting, due_seconds, lease_overdue_seconds } = await readBacklogRow(database, {
    runningPerUser,
  });
  return {
    queued,
    running,
    waiting,
    dueSeconds: Math.max(0, due_seconds ?? 0),
    leaseAgeSeconds: lease_overdue_seconds === null ? 0 : Math.max(0, leaseSeconds + lease_overdue_seconds),
  };
};
