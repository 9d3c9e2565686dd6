import type { WebhookEventType } from "natter/client";

const events = {
  "message.created": "message.created",
  "completion.started": "completion.started",
  "completion.waiting": "completion.waiting",
  "completion.completed": "completion.completed",
  "completion.failed": "completion.failed",
  "completion.cancelled": "completion.cancelled",
  "tool.completed": "tool.completed",
  "tool.failed": "tool.failed",
  "tool.cancelled": "tool.cancelled",
  "vote.created": "vote.created",
  "vote.updated": "vote.updated",
  "vote.removed": "vote.removed",
} as const satisfies { readonly [Type in WebhookEventType]: Type };

/** What a webhook can be told of: all that the server knows, or this does not compile. */
export const webhookEvents: readonly WebhookEventType[] = Object.values(events);
