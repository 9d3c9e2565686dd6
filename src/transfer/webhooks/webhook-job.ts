import type { EgressFetch } from "../../foundation/egress/egress-fetch.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { JobHandler } from "../../jobs/job.ts";
import type { Database } from "../../ports/database.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import {
  findListening,
  listDue,
  recordAttempt,
  recordUntold,
  type DueRow,
  type ListeningRow,
} from "../../store/webhook/delivery-rows.ts";
import { disableWebhook, type WebhookKey } from "../../store/webhook/webhook-rows.ts";
import { deliver, type Met } from "./deliver.ts";
import { eventBody, type TellingRules } from "./event-body.ts";
import { fewestFailures, mostFailingDays, pauseAfter, retryDelay } from "./retry-plan.ts";

export interface WebhookJobDependencies {
  readonly database: Database;
  /** Asks URLs that others chose; follows no redirects. */
  readonly ask: EgressFetch;
  readonly rules: TellingRules;
  readonly logger: Logger;
}

/** Deliveries of one webhook at a time, while it takes them. */
const atOnce = 4;
/** After so long another webhook may have the worker's place. */
const sliceMilliseconds = 20_000;
const goneStatus = 410;
const daySeconds = 86_400;

const disable = async (
  { database, logger }: WebhookJobDependencies,
  key: WebhookKey,
  because: "failing" | "gone",
): Promise<void> => {
  const { workspaceId, id } = key;
  await database.transaction(async () => {
    if (!(await disableWebhook(database, key, because))) return;
    await recordDeed(database, null, { action: "webhook.disable", target: id, workspaceId, details: { because } });
  });
  logger.warn({ workspaceId, webhookId: id, because }, "a webhook was disabled");
};

const record = async (
  dependencies: WebhookJobDependencies,
  key: WebhookKey,
  { due, listening, met }: { readonly due: DueRow; readonly listening: ListeningRow; readonly met: Met },
): Promise<void> => {
  const { retryAfterSeconds, ...attempt } = met;
  const delay = retryDelay(due.tries + 1, Math.random());
  const failing = await recordAttempt(
    dependencies.database,
    { ...key, eventId: due.event_id },
    {
      ...attempt,
      againInSeconds: met.isDelivered || delay === null ? null : Math.max(delay, retryAfterSeconds),
      pauseSeconds: met.isDelivered ? 0 : pauseAfter(listening.failures + 1),
    },
  );
  if (met.status === goneStatus) return disable(dependencies, key, "gone");
  const hasFailedLong =
    failing !== undefined && failing.failures >= fewestFailures && failing.seconds > mostFailingDays * daySeconds;
  if (hasFailedLong) await disable(dependencies, key, "failing");
};

const untold = "It could not be written down; see the server's log.";

/** Null: it can't be told now, and the log says why. One such event must not keep those behind it waiting. */
const bodyOf = async (
  { database, rules, logger }: WebhookJobDependencies,
  workspaceId: string,
  due: DueRow,
): Promise<string | null> => {
  const fields = { workspaceId, eventId: due.event_id, type: due.type };
  try {
    const event = await eventBody(database, workspaceId, due, rules);
    if (event !== null) return JSON.stringify(event);
    logger.error(fields, "an event is of no kind that this version tells webhooks; it is tried again later");
  } catch (err) {
    logger.error({ ...fields, err }, "an event could not be read for a webhook; it is tried again later");
  }
  return null;
};

const tell = async (
  dependencies: WebhookJobDependencies,
  key: WebhookKey,
  { due, listening }: { readonly due: DueRow; readonly listening: ListeningRow },
  signal: AbortSignal,
): Promise<void> => {
  const { database, ask } = dependencies;
  const { event_id: eventId, tries } = due;
  const body = await bodyOf(dependencies, key.workspaceId, due);
  if (body === null) {
    const againInSeconds = retryDelay(tries + 1, Math.random());
    await recordUntold(database, { ...key, eventId }, { error: untold, againInSeconds });
    return;
  }
  const { url, secrets } = listening;
  const met = await deliver(ask, { url, secrets, id: eventId, body }, signal);
  await record(dependencies, key, { due, listening, met });
};

/** Tells one webhook what is due for it. What no attempt is recorded of is told again, under the same id. */
export const createWebhookHandler = (dependencies: WebhookJobDependencies): JobHandler => {
  const { database } = dependencies;
  return async ({ workspaceId, subject: id }, signal) => {
    const key = { workspaceId, id };
    const endsAt = performance.now() + sliceMilliseconds;
    while (performance.now() < endsAt) {
      signal.throwIfAborted();
      const listening = await findListening(database, key);
      if (listening === undefined) return;
      const due = await listDue(database, key, listening.failures === 0 ? atOnce : 1);
      if (due.length === 0) return;
      const ended = await Promise.allSettled(
        due.map((row) => tell(dependencies, key, { due: row, listening }, signal)),
      );
      for (const one of ended) if (one.status === "rejected") throw one.reason;
    }
    return { againInSeconds: 0 };
  };
};
