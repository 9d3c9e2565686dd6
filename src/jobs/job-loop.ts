import type { Logger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import {
  claimJob,
  deleteJob,
  failJob,
  handOverJob,
  postponeJob,
  renewJobs,
  type HeldJob,
  type JobRow,
} from "../store/job-rows.ts";
import type { JobHandler } from "./job.ts";

export interface JobLoopOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** By kind; jobs of other kinds are left to other workers. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly pollSeconds: number;
  /** Jobs at once, at most. */
  readonly concurrency: number;
  /** Seconds before the second attempt; doubled for each one after. Default 5. */
  readonly backoffSeconds?: number;
  /** Attempts after which a job is given up, crashes of its worker counted. Default 5. */
  readonly maxAttempts?: number;
}

const mostBackoff = 3_600;

/** Claims jobs and does them, until it is drained. */
export class JobLoop {
  readonly #options: JobLoopOptions;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  #timers: NodeJS.Timeout[] = [];
  #claiming: Promise<void> | null = null;
  #isAsked = false;
  #isDraining = false;

  constructor(options: JobLoopOptions) {
    this.#options = options;
  }

  start(): void {
    const { pollSeconds, leaseSeconds } = this.#options;
    this.#timers = [
      setInterval(() => this.wake(), pollSeconds * 1_000),
      setInterval(() => void this.#renew(), (leaseSeconds * 1_000) / 3),
    ];
    this.wake();
  }

  /** A job may be due. */
  wake(): void {
    this.#isAsked = true;
    this.#claiming ??= this.#claimAll().finally(() => (this.#claiming = null));
  }

  /** Claims nothing more, gives what runs `seconds` to end, and hands the rest over. */
  async drain(seconds: number): Promise<void> {
    this.#isDraining = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#claiming;
    const time = setTimeout(
      () => this.#stop.abort(new Error("the worker goes; another takes the job")),
      seconds * 1_000,
    );
    await Promise.all(this.#running.values());
    clearTimeout(time);
  }

  async #claimAll(): Promise<void> {
    const { database, handlers, workerId, leaseSeconds, concurrency, logger } = this.#options;
    try {
      while (this.#isAsked && !this.#isDraining && this.#running.size < concurrency) {
        this.#isAsked = false;
        const row = await claimJob(database, Object.keys(handlers), { workerId, seconds: leaseSeconds });
        if (row === undefined) return;
        this.#isAsked = true;
        this.#begin(row);
      }
    } catch (err) {
      logger.warn({ err }, "claiming a job failed; it is tried again");
    }
  }

  #begin(row: JobRow): void {
    const done = this.#run(row).finally(() => {
      this.#running.delete(row.id);
      if (this.#isAsked) this.wake();
    });
    this.#running.set(row.id, done);
  }

  async #run(row: JobRow): Promise<void> {
    const { logger } = this.#options;
    const job: HeldJob = { workspaceId: row.workspace_id, id: row.id, fence: row.fence };
    try {
      await this.#work(row, job);
    } catch (err) {
      // its lease runs out, and it is claimed again
      logger.warn({ err, jobId: row.id, kind: row.kind }, "the end of a job could not be recorded");
    }
  }

  async #work(row: JobRow, job: HeldJob): Promise<void> {
    const { database, handlers, logger, backoffSeconds = 5, maxAttempts = 5 } = this.#options;
    const { workspace_id: workspaceId, id, subject, payload, attempts: attempt, fence } = row;
    const handler = handlers[row.kind];
    if (handler === undefined) return;
    if (attempt > maxAttempts) return void (await failJob(database, job, "its worker died each time"));
    try {
      const again = await handler({ workspaceId, id, subject, payload, attempt, fence }, this.#stop.signal);
      if (again !== undefined) return void (await postponeJob(database, job, again.againInSeconds));
    } catch (err) {
      if (this.#stop.signal.aborted) return void (await handOverJob(database, job));
      logger.warn({ err, jobId: id, kind: row.kind, attempt }, "a job failed");
      if (attempt >= maxAttempts) return void (await failJob(database, job, "it failed each time; see the log"));
      return void (await postponeJob(database, job, Math.min(backoffSeconds * 2 ** (attempt - 1), mostBackoff)));
    }
    await deleteJob(database, job);
  }

  async #renew(): Promise<void> {
    const { database, workerId, leaseSeconds, logger } = this.#options;
    if (this.#running.size === 0) return;
    try {
      await renewJobs(database, { workerId, seconds: leaseSeconds }, [...this.#running.keys()]);
    } catch (err) {
      logger.warn({ err }, "renewing the leases of jobs failed; it is tried again");
    }
  }
}
