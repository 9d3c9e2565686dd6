import type { NewWebhook, Webhook, WebhookDelivery } from "../../protocol/webhook.ts";
import type { Page } from "../../protocol/page.ts";
import type { ChangeWebhookBody, CreateWebhookBody, RotateWebhookBody } from "./bodies.ts";
import type { DeliveryQuery } from "./queries.ts";
import type { Requester } from "../requests/requester.ts";

const pathOf = (webhookId: string): string => `/v1/webhooks/${encodeURIComponent(webhookId)}`;

/** Whom a workspace tells of what happens in it; for its owners and admins. */
export const webhookCalls = ({ json, response }: Requester) => ({
  list: (): Promise<Page<Webhook>> => json("/v1/webhooks"),
  /** The secret is told this once. */
  create: (body: CreateWebhookBody): Promise<NewWebhook> => json("/v1/webhooks", { body }),
  read: (webhookId: string): Promise<Webhook> => json(pathOf(webhookId)),
  change: (webhookId: string, body: ChangeWebhookBody): Promise<Webhook> =>
    json(pathOf(webhookId), { method: "PATCH", body }),
  /** Another secret, told this once; the one before signs as well for so many seconds, a day if nothing is said. */
  rotate: (webhookId: string, body: RotateWebhookBody = {}): Promise<NewWebhook> =>
    json(`${pathOf(webhookId)}/rotate`, { body }),
  remove: async (webhookId: string): Promise<void> => void (await response(pathOf(webhookId), { method: "DELETE" })),
  /** Sends it a `webhook.test`. */
  test: (webhookId: string): Promise<WebhookDelivery> => json(`${pathOf(webhookId)}/test`, { method: "POST" }),
  deliveries: (webhookId: string, query: DeliveryQuery = {}): Promise<Page<WebhookDelivery>> =>
    json(`${pathOf(webhookId)}/deliveries`, { query: { ...query } }),
  delivery: (webhookId: string, deliveryId: string): Promise<WebhookDelivery> =>
    json(`${pathOf(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}`),
  redeliver: (webhookId: string, deliveryId: string): Promise<WebhookDelivery> =>
    json(`${pathOf(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver`, { method: "POST" }),
});
