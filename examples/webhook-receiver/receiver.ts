import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { verifyWebhook, WebhookVerificationError, type WebhookEvent } from "natter/client";

/** Takes what Natter tells a webhook: only what it has signed, and each thing once. */
export const createReceiver = (secret: string, onEvent: (event: WebhookEvent) => Promise<void>): Server => {
  // in production a table with a unique key, written in the transaction of what you do
  const seen = new Set<string>();
  return createServer(async (request, response) => {
    try {
      const event = await verifyWebhook({ body: await text(request), headers: request.headers, secret });
      const id = String(request.headers["webhook-id"]);
      if (!seen.has(id)) await onEvent(event);
      seen.add(id);
      response.writeHead(204).end();
    } catch (error) {
      // anything but 2xx: it is sent again
      response.writeHead(error instanceof WebhookVerificationError ? 400 : 500).end();
    }
  });
};
