import type { WebhookEventType } from "natter/client";

/** What a webhook can be told of. */
export const webhookEvents: readonly WebhookEventType[] = [
  "message.created",
  "completion.started",
  "completion.waiting",
  "completion.completed",
  "completion.failed",
  "completion.cancelled",
  "tool.completed",
  "tool.failed",
  "tool.cancelled",
  "vote.created",
  "vote.updated",
  "vote.removed",
];
