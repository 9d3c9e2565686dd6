import sql from "sql-template-tag";
import { verifyWebhook } from "../../client/verify-webhook.ts";
import { composeWebhooks, type WebhookParts } from "../../compose/compose-webhooks.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { NewWebhook, Webhook, WebhookDelivery, WebhookEvent } from "../../protocol/webhook.ts";
import { createScriptedModel, say } from "../providers/scripted-model.ts";
import { until } from "../spine.ts";
import { createWeb, readStream, tokenFor, type Web } from "./web.ts";
import { createWebhookReceiver, type Received, type WebhookReceiver } from "./webhook-receiver.ts";

/** A workspace of its own with a receiver, and a worker that tells its webhooks. */
export interface WebhookStage {
  readonly workspace: string;
  /** An admin's. */
  readonly token: string;
  readonly receiver: WebhookReceiver;
  /** One request of the admin's that has to succeed. */
  readonly json: <Body>(path: string, body?: unknown, method?: string) => Promise<Body>;
  /** Makes a webhook that leads to the receiver. */
  readonly hook: (more?: object) => Promise<NewWebhook>;
  readonly read: (webhook: Webhook) => Promise<Webhook>;
  readonly deliveries: (webhook: Webhook) => Promise<WebhookDelivery[]>;
  /** Its latest delivery, once there was an attempt. */
  readonly attempted: (webhook: Webhook) => Promise<WebhookDelivery>;
  /** Sends it `webhook.test`. */
  readonly tried: (webhook: Webhook) => Promise<WebhookDelivery>;
  /** What the receiver got, once it is so much. */
  readonly arrived: (count: number) => Promise<readonly Received[]>;
  /** The deliveries of a status, once there are so many. */
  readonly settled: (webhook: Webhook, status: WebhookDelivery["status"], count?: number) => Promise<WebhookDelivery[]>;
  /** Whatever waits for its next attempt waits no longer. */
  readonly makeDue: () => Promise<void>;
  /** Ends the worker that tells, and starts another. */
  readonly replaceWorker: (parts?: Partial<WebhookParts>) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WebhookDesk {
  readonly database: Database;
  readonly web: Web;
  readonly open: () => Promise<WebhookStage>;
  readonly startTelling: (parts?: Partial<WebhookParts>) => Promise<ReturnType<typeof composeWebhooks>>;
  readonly close: () => Promise<void>;
}

/** What came, after its signature has been verified. */
export const eventOf = ({ body, headers }: Received, secret: string): Promise<WebhookEvent> =>
  verifyWebhook({ body, headers, secret });

/** Asks a question in a new conversation and reads the answer to its end; answers the conversation's id. */
export const converse = async (
  web: Web,
  token: string,
  conversation: { readonly visibility: "private" | "workspace"; readonly temporary?: boolean },
): Promise<string> => {
  const id = createId();
  await web.ask("/v1/conversations", { token, body: { id, ...conversation } });
  await readStream(await web.ask("/v1/chat", { token, body: { conversationId: id, message: { text: "a question" } } }));
  return id;
};

const callsOf = (web: Web, token: string, receiver: WebhookReceiver) => {
  const json: WebhookStage["json"] = async <Body>(path: string, body?: unknown, method?: string) => {
    const ask = { token, ...(body === undefined ? {} : { body }), ...(method === undefined ? {} : { method }) };
    const response = await web.ask(path, ask);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as Body;
  };
  const deliveries: WebhookStage["deliveries"] = async ({ id }) =>
    (await json<{ data: WebhookDelivery[] }>(`/v1/webhooks/${id}/deliveries`)).data;
  return {
    json,
    deliveries,
    hook: (more: object = {}) => json<NewWebhook>("/v1/webhooks", { url: `${receiver.url}/hook`, ...more }),
    read: ({ id }: Webhook) => json<Webhook>(`/v1/webhooks/${id}`),
    tried: ({ id }: Webhook) => json<WebhookDelivery>(`/v1/webhooks/${id}/test`, undefined, "POST"),
    attempted: (webhook: Webhook) => until(async () => (await deliveries(webhook)).find((one) => one.attempts > 0), 30),
    arrived: (count: number) => until(async () => receiver.received.length >= count && receiver.received, 30),
    settled: (webhook: Webhook, status: WebhookDelivery["status"], count = 1) =>
      until(async () => {
        const found = (await deliveries(webhook)).filter((one) => one.status === status);
        return found.length >= count && found;
      }, 30),
  };
};

/** A served Natter that answers "four words of answer", for tests of what its webhooks are told. */
export const createWebhookDesk = async (database: Database): Promise<WebhookDesk> => {
  const web = await createWeb({
    database,
    model: createScriptedModel(() => [say("four words of answer")]),
    dependencies: { egressAllow: ["127.0.0.1"] },
  });
  const engine = web.spine.worker();
  await engine.start();
  const startTelling: WebhookDesk["startTelling"] = async (parts = {}) => {
    const worker = composeWebhooks({
      database,
      logger: silentLogger,
      allow: ["127.0.0.1"],
      rules: { tellsPrivate: false },
      workerId: createId(),
      leaseSeconds: 10,
      pollSeconds: 0.02,
      ...parts,
    });
    await worker.start();
    return worker;
  };
  return {
    database,
    web,
    startTelling,
    async open() {
      const workspace = createId();
      const token = await tokenFor({ workspace, role: "admin" });
      const receiver = await createWebhookReceiver();
      let worker = await startTelling();
      return {
        workspace,
        token,
        receiver,
        ...callsOf(web, token, receiver),
        async makeDue() {
          await database.query(sql`update webhook_delivery set due_at = now()`);
        },
        async replaceWorker(parts) {
          await worker.drain(0);
          worker = await startTelling(parts);
        },
        async close() {
          await worker.drain(0);
          await receiver.close();
        },
      };
    },
    async close() {
      await engine.drain(0);
      await web.close();
      await database.close();
    },
  };
};
