import type { Database } from "../ports/database.ts";
import { createId } from "../foundation/ids.ts";
import {
  backgroundKind,
  continueKind,
  eraseKind,
  expireJobLeases,
  insertJob,
  purgeFailedJobs,
  titleKind,
  webhookKind,
} from "../store/job-rows.ts";

export { backgroundKind, continueKind, eraseKind, expireJobLeases, purgeFailedJobs, titleKind, webhookKind };

/** One claim of a job, as its handler sees it. */
export interface Job {
  readonly workspaceId: string;
  readonly id: string;
  /** What it is about, as the id of a conversation. */
  readonly subject: string;
  /** JSON, as it was pushed; perhaps by another version of Natter. */
  readonly payload: unknown;
  /** 1, 2, 3 … */
  readonly attempt: number;
  /** Higher in each claim, also in one after a hand-over. */
  readonly fence: number;
}

/** The job is not over: it is claimed again after so many seconds, which is no failure. */
export interface JobAgain {
  readonly againInSeconds: number;
}

/**
 * Does a job. It may be called again for the same job after a crash, so it may be repeated; when it rejects it is tried
 * again later. Rejects with `signal.reason` when it was told to stop.
 */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobAgain | void>;

export interface PushedJob {
  readonly workspaceId: string;
  readonly kind: string;
  readonly subject: string;
  readonly payload: unknown;
}

/** Stores a job; a worker takes it within its poll interval. Does nothing when one of its kind waits for its subject already. */
export const pushJob = (database: Database, job: PushedJob): Promise<boolean> =>
  insertJob(database, { ...job, id: createId() });
