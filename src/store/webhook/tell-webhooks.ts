import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { WebhookEventType } from "../../protocol/webhook.ts";

export interface Told {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly type: WebhookEventType;
  /** Ids alone. */
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Tells the webhooks of a workspace what no trigger tells; belongs into the transaction in which it happens. Writes
 * nothing where nobody listens, and nothing of temporary conversations.
 */
export const tellWebhooks = (
  database: Database,
  { workspaceId, conversationId, userId, type, facts }: Told,
): Promise<unknown[]> =>
  database.query(sql`
    select tell_webhooks(${workspaceId}, ${type}, ${conversationId}, ${userId}, ${JSON.stringify({ conversationId, ...facts })}::jsonb)`);
