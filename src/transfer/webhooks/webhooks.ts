import type { EgressCheck } from "../../foundation/egress/egress-check.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { webhookEventTypeSchema, type NewWebhook, type Webhook } from "../../protocol/webhook.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import {
  deleteWebhook,
  findWebhookRow,
  insertWebhook,
  listWebhookRows,
  rotateWebhookSecret,
  updateWebhook,
  type WebhookChange,
} from "../../store/webhook/webhook-rows.ts";
import { toWebhook } from "./describe.ts";
import { createWebhookSecret } from "./sign.ts";

const mostWebhooks = 20;
const usualGraceSeconds = 86_400;

export const noSuchWebhook = (): NatterError => new NatterError("not_found", "There is no such webhook.");

/** What makes and changes webhooks. */
export interface WebhookContext {
  readonly database: Database;
  /** Rejects for a URL that may not be asked. */
  readonly checkUrl: EgressCheck;
}

/** Those of the principal's workspace, oldest first. */
export const listWebhooks = async (database: Database, { workspaceId }: Principal): Promise<Webhook[]> =>
  (await listWebhookRows(database, workspaceId)).map(toWebhook);

/** @throws NatterError `not_found` */
export const getWebhook = async (database: Database, { workspaceId }: Principal, id: string): Promise<Webhook> => {
  const row = await findWebhookRow(database, { workspaceId, id });
  if (row === undefined) throw noSuchWebhook();
  return toWebhook(row);
};

export interface WebhookDraft extends Omit<WebhookChange, "url"> {
  readonly url: string;
}

/**
 * Tells a URL of what happens in the principal's workspace from now on. The secret is told this once.
 * @throws NatterError `unprocessable` for a URL that may not be asked, `conflict` with 20 webhooks
 */
export const createWebhook = async (
  { database, checkUrl }: WebhookContext,
  principal: Principal,
  { url, events = webhookEventTypeSchema.options, description = null, enabled = true }: WebhookDraft,
): Promise<NewWebhook> => {
  await checkUrl(url);
  const secret = createWebhookSecret();
  const { workspaceId, userId: createdBy } = principal;
  const row = await database.transaction(async () => {
    const given = { workspaceId, id: createId(), url, description, events, secret, createdBy, isEnabled: enabled };
    const made = await insertWebhook(database, given, mostWebhooks);
    if (made === undefined)
      throw new NatterError("conflict", `There are ${mostWebhooks} webhooks; delete one that is not needed first.`);
    await recordDeed(database, principal, { action: "webhook.create", target: made.id, details: { events } });
    return made;
  });
  return { ...toWebhook(row), secret };
};

/**
 * Absent members stay as they are. Enabling it forgets its failures, and tells it what was kept for it.
 * @throws NatterError `not_found`, `unprocessable` for a URL that may not be asked
 */
export const changeWebhook = async (
  { database, checkUrl }: WebhookContext,
  principal: Principal,
  id: string,
  change: WebhookChange,
): Promise<Webhook> => {
  if (change.url !== undefined) await checkUrl(change.url);
  return database.transaction(async () => {
    const row = await updateWebhook(database, { workspaceId: principal.workspaceId, id }, change);
    if (row === undefined) throw noSuchWebhook();
    const { enabled, events } = change;
    const details = {
      changed: Object.keys(change),
      ...(enabled === undefined ? {} : { enabled }),
      ...(events === undefined ? {} : { events }),
    };
    await recordDeed(database, principal, { action: "webhook.change", target: id, details });
    return toWebhook(row);
  });
};

/**
 * Gives it another secret, told this once; the one before signs as well until its time is over.
 * @param graceSeconds default a day
 * @throws NatterError `not_found`
 */
export const rotateWebhook = (
  database: Database,
  principal: Principal,
  id: string,
  graceSeconds: number = usualGraceSeconds,
): Promise<NewWebhook> => {
  const secret = createWebhookSecret();
  return database.transaction(async () => {
    const row = await rotateWebhookSecret(
      database,
      { workspaceId: principal.workspaceId, id },
      { secret, graceSeconds },
    );
    if (row === undefined) throw noSuchWebhook();
    await recordDeed(database, principal, { action: "webhook.rotate", target: id, details: { graceSeconds } });
    return { ...toWebhook(row), secret };
  });
};

/** Forgets it, with what was kept for it. @throws NatterError `not_found` */
export const removeWebhook = (database: Database, principal: Principal, id: string): Promise<void> =>
  database.transaction(async () => {
    if (!(await deleteWebhook(database, { workspaceId: principal.workspaceId, id }))) throw noSuchWebhook();
    await recordDeed(database, principal, { action: "webhook.delete", target: id });
  });
