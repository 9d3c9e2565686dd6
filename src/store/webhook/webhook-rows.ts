import sql, { join, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { WebhookEventType } from "../../protocol/webhook.ts";

export interface WebhookKey {
  readonly workspaceId: string;
  readonly id: string;
}

export interface WebhookRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly WebhookEventType[];
  readonly disabled_at: Date | null;
  readonly disabled_because: "person" | "failing" | "gone" | null;
  readonly failures: number;
  readonly failing_since: Date | null;
  readonly former_secret_until: Date | null;
  readonly created_by: string | null;
  readonly created_at: Date;
}

const columns = sql`workspace_id, id, url, description, events, disabled_at, disabled_because, failures, failing_since,
  case when former_secret_until > now() then former_secret_until end as former_secret_until, created_by, created_at`;

const ofWebhook = ({ workspaceId, id }: WebhookKey): Sql => sql`workspace_id = ${workspaceId} and id = ${id}`;

export interface NewWebhookRow extends WebhookKey {
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly WebhookEventType[];
  readonly secret: string;
  readonly createdBy: string;
  readonly isEnabled: boolean;
}

/** Undefined: the workspace has `most` of them already. */
export const insertWebhook = async (
  database: Database,
  webhook: NewWebhookRow,
  most: number,
): Promise<WebhookRow | undefined> => {
  const { workspaceId } = webhook;
  const disabledAt = webhook.isEnabled ? sql`null` : sql`now()`;
  const rows = await database.query<WebhookRow>(sql`
    insert into webhook (workspace_id, id, url, description, events, secret, created_by, disabled_at, disabled_because)
    select ${workspaceId}, ${webhook.id}, ${webhook.url}, ${webhook.description}, ${JSON.stringify(webhook.events)}::jsonb,
      ${webhook.secret}, ${webhook.createdBy}, ${disabledAt}, ${webhook.isEnabled ? null : "person"}
    where (select count(*) from webhook where workspace_id = ${workspaceId}) < ${most}
    returning ${columns}`);
  return rows[0];
};

/** Oldest first. */
export const listWebhookRows = (database: Database, workspaceId: string): Promise<WebhookRow[]> =>
  database.query(sql`select ${columns} from webhook where workspace_id = ${workspaceId} order by created_at, id`);

export const findWebhookRow = async (database: Database, key: WebhookKey): Promise<WebhookRow | undefined> => {
  const rows = await database.query<WebhookRow>(sql`select ${columns} from webhook where ${ofWebhook(key)}`);
  return rows[0];
};

/** Absent members stay as they are. */
export interface WebhookChange {
  readonly url?: string | undefined;
  readonly description?: string | null | undefined;
  readonly events?: readonly WebhookEventType[] | undefined;
  readonly enabled?: boolean | undefined;
}

const enabling = sql`disabled_at = null, disabled_because = null, failures = 0, failing_since = null, paused_until = null`;
const disabling = (because: WebhookRow["disabled_because"]): Sql =>
  sql`disabled_because = case when disabled_at is null then ${because} else disabled_because end, disabled_at = coalesce(disabled_at, now())`;

/** Undefined: there is none. */
export const updateWebhook = async (
  database: Database,
  key: WebhookKey,
  { url, description, events, enabled }: WebhookChange,
): Promise<WebhookRow | undefined> => {
  const assignments = [
    // an empty change is one as well
    sql`id = id`,
    ...(url === undefined ? [] : [sql`url = ${url}, paused_until = null`]),
    ...(description === undefined ? [] : [sql`description = ${description}`]),
    ...(events === undefined ? [] : [sql`events = ${JSON.stringify(events)}::jsonb`]),
    ...(enabled === undefined ? [] : [enabled ? enabling : disabling("person")]),
  ];
  const rows = await database.query<WebhookRow>(
    sql`update webhook set ${join(assignments)} where ${ofWebhook(key)} returning ${columns}`,
  );
  return rows[0];
};

/** Another secret; the one before signs as well for so many seconds. Undefined: there is no such webhook. */
export const rotateWebhookSecret = async (
  database: Database,
  key: WebhookKey,
  { secret, graceSeconds }: { readonly secret: string; readonly graceSeconds: number },
): Promise<WebhookRow | undefined> => {
  const rows = await database.query<WebhookRow>(sql`
    update webhook set former_secret = case when ${graceSeconds}::int > 0 then secret end,
      former_secret_until = case when ${graceSeconds}::int > 0 then now() + make_interval(secs => ${graceSeconds}::int) end, secret = ${secret}
    where ${ofWebhook(key)} returning ${columns}`);
  return rows[0];
};

/** False: there was none. */
export const deleteWebhook = async (database: Database, key: WebhookKey): Promise<boolean> => {
  const rows = await database.query(sql`delete from webhook where ${ofWebhook(key)} returning 1`);
  return rows.length === 1;
};

/** Stops telling a webhook that does not take what it is told. False: it is stopped already. */
export const disableWebhook = async (
  database: Database,
  key: WebhookKey,
  because: "failing" | "gone",
): Promise<boolean> => {
  const rows = await database.query(
    sql`update webhook set ${disabling(because)} where ${ofWebhook(key)} and disabled_at is null returning 1`,
  );
  return rows.length === 1;
};
