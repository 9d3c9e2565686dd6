import type { Webhook, WebhookDelivery } from "../../protocol/webhook.ts";
import type { DeliveryRow } from "../../store/webhook/delivery-rows.ts";
import type { WebhookRow } from "../../store/webhook/webhook-rows.ts";

/** A row as the API shows it: without its secrets. */
export const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: [...row.events],
  enabled: row.disabled_at === null,
  disabledBecause: row.disabled_because,
  disabledAt: row.disabled_at?.toISOString() ?? null,
  failures: row.failures,
  failingSince: row.failing_since?.toISOString() ?? null,
  formerSecretUntil: row.former_secret_until?.toISOString() ?? null,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
});

const toAnswer = (row: DeliveryRow): WebhookDelivery["answer"] => ({
  status: row.answer_status,
  text: row.answer_text,
  milliseconds: row.answer_ms ?? 0,
  error: row.error,
});

/** A row as the API shows it. */
export const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  id: row.event_id,
  type: row.type,
  status: row.status,
  attempts: row.attempts,
  attemptedAt: row.attempted_at?.toISOString() ?? null,
  nextAttemptAt: row.status === "pending" ? row.due_at.toISOString() : null,
  answer: row.attempted_at === null ? null : toAnswer(row),
  createdAt: row.created_at.toISOString(),
});
