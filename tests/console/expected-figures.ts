import sql, { empty, type Sql } from "sql-template-tag";
import type { Figure } from "./numeric-fields.ts";

/** A figure in the answer to a request of somebody in a workspace. */
export interface Seen {
  readonly workspaceId: string;
  readonly figure: Figure;
  readonly query: Readonly<Record<string, string>>;
  /** Last part of a path that names something. */
  readonly id: string;
}

/** How to count it again: a statement that answers one row with `n`; or `approximate` of a time that goes on. */
export type Expected = (seen: Seen) => Sql;

const item = ({ figure }: Seen, up = 1): Readonly<Record<string, string>> =>
  (figure.within.at(-up) ?? {}) as Readonly<Record<string, string>>;

const count = (condition: Sql): Sql => sql`select count(*) as n from ${condition}`;

/** The five sums of a ledger. */
const sumsOf = (prefix: string, entries: (seen: Seen) => Sql): Readonly<Record<string, Expected>> => {
  const sum =
    (what: Sql): Expected =>
    (seen) =>
      sql`select coalesce(sum(${what}), 0)::int8 as n from usage where workspace_id = ${seen.workspaceId} and ${entries(seen)}`;
  return {
    [`${prefix}calls`]: sum(sql`1`),
    [`${prefix}inputTokens`]: sum(sql`input_tokens`),
    [`${prefix}outputTokens`]: sum(sql`output_tokens`),
    [`${prefix}costMicros`]: sum(sql`cost_micros`),
    [`${prefix}unpricedCalls`]: sum(sql`case when cost_micros is null then 1 else 0 end`),
  };
};

const ofUser = (seen: Seen): Sql => sql`workspace_id = ${seen.workspaceId} and user_id = ${item(seen)["id"]}`;

const users: Readonly<Record<string, Expected>> = {
  "data[].conversations": (seen) =>
    count(
      sql`conversation where workspace_id = ${seen.workspaceId} and owner_id = ${item(seen)["id"]} and deleted_at is null and temporary = false`,
    ),
  "data[].completions": (seen) =>
    count(sql`completion where workspace_id = ${seen.workspaceId} and requested_by = ${item(seen)["id"]}`),
  "data[].apiKeys": (seen) =>
    count(sql`api_key where ${ofUser(seen)} and revoked_at is null and kind in ('personal', 'service')`),
  ...sumsOf("data[].", (seen) => sql`user_id = ${item(seen)["id"]}`),
};

const conversations: Readonly<Record<string, Expected>> = {
  "data[].messageCount": (seen) =>
    count(
      sql`message where workspace_id = ${seen.workspaceId} and conversation_id = ${item(seen)["id"]} and deleted_at is null`,
    ),
};

const column =
  (table: Sql, name: Sql, idOf: (seen: Seen) => string | undefined): Expected =>
  (seen) =>
    sql`select ${name} as n from ${table} where workspace_id = ${seen.workspaceId} and id = ${idOf(seen)}`;

const completionsAt = (prefix: string): Readonly<Record<string, Expected>> => ({
  [`${prefix}claims`]: column(sql`completion`, sql`fence`, (seen) => item(seen)["id"]),
  [`${prefix}crashes`]: column(sql`completion`, sql`crashes`, (seen) => item(seen)["id"]),
  ...sumsOf(prefix, (seen) => sql`completion_id = ${item(seen)["id"]}`),
});

const startsOf: Expected = (seen) => sql`
  select case when exists (select from background_execution b where b.id = ${item(seen)["id"]})
    then (select attempts from background_execution b where b.id = ${item(seen)["id"]})
    else (select starts from tool_execution t where t.id = ${item(seen)["id"]}) end as n`;

const toolRunsAt = (prefix: string): Readonly<Record<string, Expected>> => ({
  [`${prefix}step`]: column(sql`tool_execution`, sql`step`, (seen) => item(seen)["id"]),
  [`${prefix}starts`]: startsOf,
});

/** A model call of a timeline, found by the rest of what is told of it. */
const ledgerOf =
  (name: Sql): Expected =>
  (seen) => {
    const { step, claim, call } = item(seen);
    return sql`select ${name} as n from usage
      where completion_id = ${seen.id} and step = ${step} and fence = ${claim} and call = ${call}`;
  };

const timeline: Readonly<Record<string, Expected>> = {
  ...completionsAt(""),
  "steps[].step": (seen) =>
    sql`select step as n from completion_step where completion_id = ${seen.id} and step = ${item(seen)["step"]}`,
  "steps[].claim": (seen) =>
    sql`select fence as n from completion_step where completion_id = ${seen.id} and step = ${item(seen)["step"]}`,
  "modelCalls[].step": ledgerOf(sql`step`),
  "modelCalls[].claim": ledgerOf(sql`fence`),
  "modelCalls[].call": ledgerOf(sql`call`),
  "modelCalls[].inputTokens": ledgerOf(sql`input_tokens`),
  "modelCalls[].outputTokens": ledgerOf(sql`output_tokens`),
  "modelCalls[].costMicros": ledgerOf(sql`cost_micros`),
  ...toolRunsAt("toolRuns[]."),
};

/** Entries of the time and the user that a request asks for. */
const asked = ({ query }: Seen): Sql => sql`true
  ${query["from"] === undefined ? empty : sql`and created_at >= ${query["from"]}::text::timestamptz`}
  ${query["to"] === undefined ? empty : sql`and not created_at >= ${query["to"]}::text::timestamptz`}
  ${query["userId"] === undefined ? empty : sql`and user_id = ${query["userId"]}`}`;

const inGroup = (seen: Seen): Sql => {
  const { key } = item(seen);
  switch (seen.query["group"]) {
    case "model":
      return sql`${asked(seen)} and model = ${key}`;
    case "user":
      return sql`${asked(seen)} and user_id = ${key}`;
    case "agent":
      return key === ""
        ? sql`${asked(seen)} and completion_id not in (select id from completion)`
        : sql`${asked(seen)} and completion_id in (select id from completion where agent = ${key})`;
    default: {
      const zone = seen.query["zone"] ?? "UTC";
      return sql`${asked(seen)} and created_at >= ${key}::text::timestamp at time zone ${zone}::text
        and created_at < (${key}::text::timestamp + interval '1 day') at time zone ${zone}::text`;
    }
  }
};

const usage: Readonly<Record<string, Expected>> = {
  ...sumsOf("data[].", inGroup),
  ...sumsOf("totals.", asked),
};

const open =
  (table: Sql, condition: Sql): Expected =>
  (seen) =>
    count(sql`${table} where workspace_id = ${seen.workspaceId} and ${condition}`);

const oldest = (seen: Seen, workspaceId = seen.workspaceId): Sql => sql`
  select coalesce((select extract(epoch from now() - due_at)::float8 from completion
    where workspace_id = ${workspaceId} and status = 'queued' order by due_at limit 1), 0) as n`;

const workers = sql`node where capacity > 0 and seen_at > now() - interval '1 minute'`;

const queue: Readonly<Record<string, Expected>> = {
  queued: open(sql`completion`, sql`status = 'queued'`),
  running: open(sql`completion`, sql`status = 'running'`),
  waiting: open(sql`completion`, sql`status = 'waiting'`),
  oldestSeconds: (seen) => oldest(seen),
  workers: () => count(workers),
  "leases.held": open(sql`completion`, sql`status = 'running' and lease_until > now()`),
  "leases.expired": open(sql`completion`, sql`status = 'running' and not lease_until > now()`),
  "tools.queued": open(sql`background_execution`, sql`status = 'queued'`),
  "tools.running": open(sql`background_execution`, sql`status = 'running'`),
  "tools.waiting": open(sql`background_execution`, sql`status = 'waiting'`),
  "jobs.open": open(sql`job`, sql`failed_at is null`),
  "jobs.failed": open(sql`job`, sql`failed_at is not null`),
};

const statuses = ["queued", "running", "waiting", "completed", "failed", "cancelled"] as const;

/** How a call of a tool stands: by what is known of it in the background, else by its own row. */
const toolRunsWith = (status: (typeof statuses)[number]): Sql => {
  const inline = {
    queued: sql`t.status = 'queued'`,
    waiting: sql`t.status = 'waiting'`,
    running: sql`t.status = 'started'`,
    completed: sql`t.status = 'finished' and t.outcome ->> 'type' = 'completed'`,
    failed: sql`t.status = 'finished' and t.outcome ->> 'type' <> 'completed'`,
    cancelled: sql`false`,
  }[status];
  const isInBackground = sql`exists (select from background_execution b where b.id = t.id)`;
  return sql`tool_execution t where (not ${isInBackground} and ${inline}
    or exists (select from background_execution b where b.id = t.id and b.status = ${status}))`;
};

const took = (seen: Seen, share: number): Sql => sql`
  select percentile_cont(${share}::float8) within group (order by extract(epoch from finished_at) - extract(epoch from started_at))::float8 as n
  from completion where workspace_id = ${seen.workspaceId} and status = 'completed' and started_at is not null and ${asked(seen)}`;

const overview: Readonly<Record<string, Expected>> = {
  "members.all": (seen) => count(sql`member where workspace_id = ${seen.workspaceId}`),
  "members.suspended": (seen) =>
    count(sql`member where workspace_id = ${seen.workspaceId} and (suspended_at is not null
      or user_id in (select id from "user" where suspended_at is not null))`),
  "conversations.all": (seen) =>
    count(
      sql`conversation where workspace_id = ${seen.workspaceId} and deleted_at is null and temporary = false and ${asked(seen)}`,
    ),
  "conversations.shared": (seen) =>
    count(sql`conversation where workspace_id = ${seen.workspaceId} and deleted_at is null and temporary = false
      and visibility <> 'private' and ${asked(seen)}`),
  ...Object.fromEntries(
    statuses.flatMap((status): [string, Expected][] => [
      [`completions.${status}`, (seen) => open(sql`completion`, sql`status = ${status} and ${asked(seen)}`)(seen)],
      [
        `toolRuns.${status}`,
        (seen) => count(sql`${toolRunsWith(status)} and workspace_id = ${seen.workspaceId} and ${asked(seen)}`),
      ],
    ]),
  ),
  "errors[].count": (seen) =>
    open(sql`completion`, sql`status = 'failed' and error ->> 'code' = ${item(seen)["code"]} and ${asked(seen)}`)(seen),
  "seconds.median": (seen) => took(seen, 0.5),
  "seconds.worst": (seen) => took(seen, 0.95),
  ...sumsOf("usage.", asked),
};

const ofQueue =
  (status: Sql): Expected =>
  (seen) =>
    count(sql`completion where workspace_id = ${item(seen)["workspaceId"]} and status = ${status}`);

const server: Readonly<Record<string, Expected>> = {
  "nodes[].capacity": (seen) => sql`select capacity as n from node where id = ${item(seen)["id"]}`,
  "nodes[].running": (seen) => count(sql`completion where status = 'running' and worker_id = ${item(seen)["id"]}`),
  "queues[].queued": ofQueue(sql`'queued'`),
  "queues[].running": ofQueue(sql`'running'`),
  "queues[].waiting": ofQueue(sql`'waiting'`),
  "queues[].oldestSeconds": (seen) => oldest(seen, item(seen)["workspaceId"]),
};

const under = (path: string, figures: Readonly<Record<string, Expected>>): [string, Expected][] =>
  Object.entries(figures).map(([field, expected]) => [`${path} ${field}`, expected]);

/** Every figure of the console that is the database's, by route and place. */
export const expectedFigures: ReadonlyMap<string, Expected> = new Map([
  ...under("/v1/admin/users", users),
  ...under("/v1/admin/conversations", conversations),
  ...under("/v1/admin/completions", completionsAt("data[].")),
  ...under("/v1/admin/completions/{completionId}", timeline),
  ...under("/v1/admin/tool-runs", toolRunsAt("data[].")),
  ...under("/v1/admin/usage", usage),
  ...under("/v1/admin/queue", queue),
  ...under("/v1/admin/overview", overview),
  ...under("/v1/admin/server", server),
]);

/** Figures that no table holds: positions and sizes of chunks, which the log has, and what one process says of itself. */
export const figuresElsewhere: readonly string[] = [
  "/v1/admin/completions/{completionId}/chunks last",
  "/v1/admin/completions/{completionId}/chunks data[].position",
  "/v1/admin/completions/{completionId}/chunks data[].bytes",
  "/v1/admin/completions/{completionId}/chunks nextAfter",
  "/v1/admin/server health[].milliseconds",
  "/v1/admin/server providers[].models",
  "/v1/admin/server providers[].calls",
  "/v1/admin/server providers[].failures",
  "/v1/admin/server limits.*",
  "/v1/admin/server settings[].value",
];

/** Those that go on while they are compared. */
export const isOfTime = (field: string): boolean => field.endsWith("oldestSeconds");
