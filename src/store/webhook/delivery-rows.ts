import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { webhookKind } from "../job-rows.ts";
import type { WebhookKey } from "./webhook-rows.ts";

export interface DeliveryKey extends WebhookKey {
  readonly eventId: string;
}

export interface DeliveryRow {
  readonly event_id: string;
  readonly type: string;
  readonly status: "pending" | "delivered" | "failed";
  readonly attempts: number;
  readonly tries: number;
  readonly due_at: Date;
  readonly attempted_at: Date | null;
  readonly answer_status: number | null;
  readonly answer_text: string | null;
  readonly answer_ms: number | null;
  readonly error: string | null;
  readonly created_at: Date;
  /** `created_at` with the database's microseconds, for the cursor. */
  readonly cursor_at: string;
}

export interface DeliveryCursor {
  readonly createdAt: string;
  readonly id: string;
}

const columns = sql`d.event_id, e.type, d.status, d.attempts, d.tries, d.due_at, d.attempted_at, d.answer_status, d.answer_text,
  d.answer_ms, d.error, d.created_at, d.created_at::text as cursor_at`;
const deliveries = sql`webhook_delivery d join webhook_event e on e.workspace_id = d.workspace_id and e.id = d.event_id`;
const ofWebhook = ({ workspaceId, id }: WebhookKey): Sql =>
  sql`d.workspace_id = ${workspaceId} and d.webhook_id = ${id}`;

/** Newest first. */
export const listDeliveryRows = (
  database: Database,
  key: WebhookKey,
  page: {
    readonly status?: DeliveryRow["status"] | undefined;
    readonly after: DeliveryCursor | undefined;
    readonly limit: number;
  },
): Promise<DeliveryRow[]> =>
  database.query(sql`
    select ${columns} from ${deliveries} where ${ofWebhook(key)}
      ${page.status === undefined ? empty : sql`and d.status = ${page.status}`}
      ${page.after === undefined ? empty : sql`and (d.created_at, d.event_id) < (${page.after.createdAt}::text::timestamptz, ${page.after.id})`}
    order by d.created_at desc, d.event_id desc limit ${page.limit}`);

export const findDeliveryRow = async (database: Database, key: DeliveryKey): Promise<DeliveryRow | undefined> => {
  const rows = await database.query<DeliveryRow>(
    sql`select ${columns} from ${deliveries} where ${ofWebhook(key)} and d.event_id = ${key.eventId}`,
  );
  return rows[0];
};

/** Has it delivered once more, at once. False: there is no such delivery. */
export const redeliver = async (database: Database, key: DeliveryKey): Promise<boolean> => {
  const rows = await database.query(sql`
    with again as (
      update webhook_delivery d set status = 'pending', tries = 0, due_at = now()
      where ${ofWebhook(key)} and d.event_id = ${key.eventId} returning 1)
    update webhook set paused_until = null from again where workspace_id = ${key.workspaceId} and id = ${key.id} returning 1`);
  return rows.length === 1;
};

/** Tells one webhook something that nobody did. */
export const insertTestDelivery = (database: Database, key: DeliveryKey): Promise<unknown[]> =>
  database.query(sql`
    with told as (
      insert into webhook_event (workspace_id, id, type, facts)
      values (${key.workspaceId}, ${key.eventId}, 'webhook.test', ${JSON.stringify({ webhookId: key.id })}::jsonb) returning id)
    insert into webhook_delivery (workspace_id, webhook_id, event_id) select ${key.workspaceId}, ${key.id}, id from told`);

/** Orders a job for each webhook that something is due for and that has none. Answers how many. */
export const orderDeliveries = async (database: Database): Promise<number> => {
  const rows = await database.query(sql`
    insert into job (workspace_id, id, kind, subject, payload)
    select w.workspace_id, gen_random_uuid()::text, ${webhookKind}, w.id, '{}'::jsonb from webhook w
    where w.disabled_at is null and (w.paused_until is null or w.paused_until <= now())
      and exists (select 1 from webhook_delivery d
        where d.workspace_id = w.workspace_id and d.webhook_id = w.id and d.status = 'pending' and d.due_at <= now())
      and not exists (select 1 from job j
        where j.workspace_id = w.workspace_id and j.subject = w.id and j.kind = ${webhookKind} and j.failed_at is null)
    on conflict (subject, kind, workspace_id) where failed_at is null do nothing returning 1`);
  return rows.length;
};

/** A webhook as it is told. */
export interface ListeningRow {
  readonly url: string;
  readonly failures: number;
  /** Those that sign now. */
  readonly secrets: readonly string[];
}

/** Undefined: it is disabled, left alone for a while, or gone. */
export const findListening = async (
  database: Database,
  { workspaceId, id }: WebhookKey,
): Promise<ListeningRow | undefined> => {
  const rows = await database.query<ListeningRow>(sql`
    select url, failures, case when former_secret_until > now() then jsonb_build_array(secret, former_secret) else jsonb_build_array(secret) end as secrets
    from webhook where workspace_id = ${workspaceId} and id = ${id} and disabled_at is null and (paused_until is null or paused_until <= now())`);
  return rows[0];
};

/** Something that is to be told now. */
export interface DueRow {
  readonly event_id: string;
  readonly type: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly conversation_id: string | null;
  readonly user_id: string | null;
  readonly tries: number;
  readonly created_at: Date;
}

/** What is due for a webhook, what happened first first. */
export const listDue = (database: Database, key: WebhookKey, limit: number): Promise<DueRow[]> =>
  database.query(sql`
    select d.event_id, e.type, e.facts, e.conversation_id, e.user_id, d.tries, e.created_at from ${deliveries}
    where ${ofWebhook(key)} and d.status = 'pending' and d.due_at <= now() order by d.due_at, e.created_at limit ${limit}`);

/** What an attempt met. */
export interface Attempt {
  readonly isDelivered: boolean;
  /** Null: no answer came. */
  readonly status: number | null;
  readonly text: string | null;
  readonly error: string | null;
  readonly milliseconds: number;
  /** After a failure: when it is tried again; null: not any more. */
  readonly againInSeconds: number | null;
  /** After a failure: for how long the webhook is left alone. */
  readonly pauseSeconds: number;
}

/** How long a webhook has failed, when an attempt has been recorded. */
export interface FailingRow {
  readonly failures: number;
  readonly seconds: number;
}

type Recorded = Omit<Attempt, "pauseSeconds">;

const recording = ({ eventId, ...key }: DeliveryKey, attempt: Recorded): Sql => {
  const status = attempt.isDelivered ? "delivered" : attempt.againInSeconds === null ? "failed" : "pending";
  return sql`
    update webhook_delivery d set status = ${status}, attempts = attempts + 1, tries = tries + 1, attempted_at = now(),
      due_at = now() + make_interval(secs => ${attempt.againInSeconds ?? 0}::float8), answer_status = ${attempt.status},
      answer_text = ${attempt.text}, answer_ms = ${attempt.milliseconds}, error = ${attempt.error}
    where ${ofWebhook(key)} and d.event_id = ${eventId} and d.status = 'pending' returning 1`;
};

/** Records an attempt. What was delivered stays so, whatever a slower worker met. */
export const recordAttempt = async (
  database: Database,
  key: DeliveryKey,
  attempt: Attempt,
): Promise<FailingRow | undefined> => {
  const rows = await database.query<FailingRow>(sql`
    with recorded as (${recording(key, attempt)})
    update webhook set
      failures = case when ${attempt.isDelivered}::boolean then 0 else failures + 1 end,
      failing_since = case when ${attempt.isDelivered}::boolean then null else coalesce(failing_since, now()) end,
      paused_until = case when ${attempt.pauseSeconds}::int > 0 then now() + make_interval(secs => ${attempt.pauseSeconds}::int) end
    from recorded where workspace_id = ${key.workspaceId} and id = ${key.id}
    returning failures, coalesce(extract(epoch from now() - failing_since), 0)::float8 as seconds`);
  return rows[0];
};

/** Records that nothing could be sent, of which the webhook knows nothing: it is no failure of its own. */
export const recordUntold = (
  database: Database,
  key: DeliveryKey,
  { error, againInSeconds }: Pick<Attempt, "error" | "againInSeconds">,
): Promise<unknown[]> =>
  database.query(
    recording(key, { isDelivered: false, status: null, text: null, error, milliseconds: 0, againInSeconds }),
  );

/** Forgets what happened 30 days ago, with how it was told. */
export const purgeWebhookEvents = (database: Database): Promise<unknown[]> =>
  database.query(sql`delete from webhook_event where created_at < now() - interval '30 days'`);
