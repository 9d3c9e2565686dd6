import { createId } from "../../foundation/ids.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { WebhookDelivery } from "../../protocol/webhook.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import {
  findDeliveryRow,
  insertTestDelivery,
  listDeliveryRows,
  redeliver,
  type DeliveryCursor,
  type DeliveryKey,
} from "../../store/webhook/delivery-rows.ts";
import { findWebhookRow, type WebhookRow } from "../../store/webhook/webhook-rows.ts";
import { toDelivery } from "./describe.ts";
import { noSuchWebhook } from "./webhooks.ts";

const noSuchDelivery = (): NatterError => new NatterError("not_found", "There is no such delivery.");

const openWebhook = async (database: Database, { workspaceId }: Principal, id: string): Promise<WebhookRow> => {
  const row = await findWebhookRow(database, { workspaceId, id });
  if (row === undefined) throw noSuchWebhook();
  return row;
};

const requireEnabled = ({ disabled_at }: WebhookRow): void => {
  if (disabled_at !== null)
    throw new NatterError("conflict", "This webhook is disabled, and is told nothing; enable it first.");
};

const readDelivery = async (database: Database, key: DeliveryKey): Promise<WebhookDelivery> => {
  const row = await findDeliveryRow(database, key);
  if (row === undefined) throw noSuchDelivery();
  return toDelivery(row);
};

export interface DeliveryQuery {
  readonly status?: WebhookDelivery["status"] | undefined;
  readonly cursor: DeliveryCursor | undefined;
  readonly limit: number;
}

export interface DeliveryPage {
  readonly data: WebhookDelivery[];
  readonly nextCursor: DeliveryCursor | null;
}

/** What a webhook was told or is to be told in the last 30 days, newest first. @throws NatterError `not_found` */
export const listDeliveries = async (
  database: Database,
  principal: Principal,
  id: string,
  { status, cursor, limit }: DeliveryQuery,
): Promise<DeliveryPage> => {
  await openWebhook(database, principal, id);
  const key = { workspaceId: principal.workspaceId, id };
  const rows = await listDeliveryRows(database, key, { status, after: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    data: page.map(toDelivery),
    nextCursor: last === undefined ? null : { createdAt: last.cursor_at, id: last.event_id },
  };
};

/** @throws NatterError `not_found` */
export const getDelivery = async (
  database: Database,
  principal: Principal,
  id: string,
  eventId: string,
): Promise<WebhookDelivery> => {
  await openWebhook(database, principal, id);
  return readDelivery(database, { workspaceId: principal.workspaceId, id, eventId });
};

/**
 * Tells it once more, under the same id, however that went before.
 * @throws NatterError `not_found`, `conflict` for a webhook that is disabled
 */
export const deliverAgain = async (
  database: Database,
  principal: Principal,
  id: string,
  eventId: string,
): Promise<WebhookDelivery> => {
  requireEnabled(await openWebhook(database, principal, id));
  const key = { workspaceId: principal.workspaceId, id, eventId };
  return database.transaction(async () => {
    if (!(await redeliver(database, key))) throw noSuchDelivery();
    await recordDeed(database, principal, { action: "webhook.redeliver", target: id, details: { eventId } });
    return readDelivery(database, key);
  });
};

/** Sends it a `webhook.test`. @throws NatterError `not_found`, `conflict` for a webhook that is disabled */
export const sendTest = async (database: Database, principal: Principal, id: string): Promise<WebhookDelivery> => {
  requireEnabled(await openWebhook(database, principal, id));
  const key = { workspaceId: principal.workspaceId, id, eventId: createId() };
  await insertTestDelivery(database, key);
  return readDelivery(database, key);
};
