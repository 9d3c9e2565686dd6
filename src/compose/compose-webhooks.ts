import { repeat, type Repetition } from "../engine/claim/repeat.ts";
import { createEgressFetch } from "../foundation/egress/egress-fetch.ts";
import type { Logger } from "../foundation/logger.ts";
import { webhookKind } from "../jobs/job.ts";
import { JobLoop } from "../jobs/job-loop.ts";
import type { Database } from "../ports/database.ts";
import { orderDeliveries } from "../store/webhook/delivery-rows.ts";
import type { TellingRules } from "../transfer/webhooks/event-body.ts";
import { createWebhookHandler } from "../transfer/webhooks/webhook-job.ts";

export interface WebhookParts {
  readonly database: Database;
  readonly logger: Logger;
  /** Hosts and networks that may be asked although they are not public. */
  readonly allow: readonly string[];
  readonly rules: TellingRules;
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly pollSeconds: number;
  /** Milliseconds in which a receiver has to answer. Default 15,000. */
  readonly answerMs?: number | undefined;
}

/** What tells webhooks on this node. */
export interface WebhookWorker {
  start(): Promise<void>;
  /** Begins nothing more, gives what is on its way `seconds` to end, and hands the rest over. */
  drain(seconds: number): Promise<void>;
}

/** Webhooks at once, each with a few requests: those that hang must not keep the others waiting. */
const webhooksAtOnce = 32;
const answerBytes = 65_536;
const usualAnswerMs = 15_000;

/** The loop that tells webhooks what triggers wrote down for them; it looks for it, so that nothing has to be woken. */
export const composeWebhooks = (parts: WebhookParts): WebhookWorker => {
  const { database, logger, allow, rules, pollSeconds, answerMs = usualAnswerMs } = parts;
  const ask = createEgressFetch({ allow, headMs: answerMs, totalMs: answerMs, maxBytes: answerBytes });
  const loop = new JobLoop({
    ...parts,
    handlers: { [webhookKind]: createWebhookHandler({ database, ask, rules, logger }) },
    concurrency: webhooksAtOnce,
    maxAttempts: Number.POSITIVE_INFINITY,
  });
  const look = async (): Promise<void> => {
    if ((await orderDeliveries(database)) > 0) loop.wake();
  };
  const warn = (err: unknown): void =>
    logger.warn({ err }, "looking for what webhooks are owed failed; it is tried again");
  let polling: Repetition | undefined;
  return {
    async start() {
      loop.start();
      polling = repeat(pollSeconds * 1_000, look, warn);
    },
    async drain(seconds) {
      await polling?.stop();
      await loop.drain(seconds);
    },
  };
};
