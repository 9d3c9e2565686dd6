import type { Logger } from "../foundation/logger.ts";
import { eraseKind } from "../jobs/job.ts";
import { JobLoop } from "../jobs/job-loop.ts";
import { createEraseHandler, type EraseDependencies } from "../transfer/erasing/erase-job.ts";

export interface ErasingParts {
  readonly context: EraseDependencies;
  readonly logger: Logger;
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly pollSeconds: number;
}

const atOnce = 2;

/** The loop that erases what people left. A loop of its own: unlike other jobs, these are never given up. */
export const composeErasing = ({ context, ...parts }: ErasingParts): JobLoop =>
  new JobLoop({
    ...parts,
    database: context.database,
    handlers: { [eraseKind]: createEraseHandler(context) },
    concurrency: atOnce,
    maxAttempts: Number.POSITIVE_INFINITY,
  });
