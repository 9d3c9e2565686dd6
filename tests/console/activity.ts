import fc from "fast-check";
import sql from "sql-template-tag";
import { createId } from "../../src/foundation/ids.ts";
import type { Database } from "../../src/ports/database.ts";

const role = fc.constantFrom("owner", "admin", "member", "reader");
const status = fc.constantFrom("queued", "running", "waiting", "completed", "failed", "cancelled");
const tokens = fc.integer({ min: 0, max: 200_000 });
const agent = fc.constantFrom("default", "support", "=cmd()");
const model = fc.constantFrom("test/model", "other/large", "natter/demo");
/** Minutes before now: up to forty days, so that days and time zones differ. */
const ago = fc.integer({ min: 1, max: 57_600 });
const place = fc.nat({ max: 7 });

const call = fc.record({
  tokens: fc.tuple(tokens, tokens),
  cost: fc.option(fc.integer({ min: 0, max: 5_000_000 }), { freq: 4 }),
  fence: fc.integer({ min: 1, max: 3 }),
  payer: place,
  model,
  ago,
  isEstimated: fc.boolean(),
});

const toolRun = fc.record({
  tool: fc.constantFrom("look", "refund", "report"),
  kind: fc.constantFrom("inline", "client", "background"),
  state: fc.constantFrom("waiting", "queued", "started", "finished"),
  outcome: fc.constantFrom("completed", "failed", "validation-error", "not-found"),
  background: fc.option(fc.record({ status, attempts: fc.nat({ max: 4 }) })),
  starts: fc.integer({ min: 1, max: 3 }),
  ago,
});

const completion = fc.record({
  conversation: place,
  asker: place,
  status,
  agent,
  model,
  fence: fc.nat({ max: 5 }),
  crashes: fc.nat({ max: 3 }),
  error: fc.constantFrom("provider_failed", "crash_loop", "budget_exceeded"),
  ago,
  lease: fc.integer({ min: -30, max: 30 }),
  seconds: fc.integer({ min: 0, max: 400 }),
  calls: fc.array(call, { maxLength: 4 }),
  toolRuns: fc.array(toolRun, { maxLength: 3 }),
  isOfNode: fc.boolean(),
});

/** What may have happened in a workspace. */
export const activity = fc.record({
  users: fc.array(
    fc.record({ role, isSuspendedHere: fc.boolean(), isSuspended: fc.boolean(), keys: fc.nat({ max: 3 }) }),
    { minLength: 1, maxLength: 4 },
  ),
  conversations: fc.array(
    fc.record({
      owner: place,
      isShared: fc.boolean(),
      isDeleted: fc.boolean(),
      isTemporary: fc.boolean(),
      messages: fc.nat({ max: 3 }),
      removed: fc.nat({ max: 2 }),
      ago,
    }),
    { minLength: 1, maxLength: 6 },
  ),
  completions: fc.array(completion, { maxLength: 10 }),
  /** Calls of completions that were purged. */
  purged: fc.array(call, { maxLength: 3 }),
  jobs: fc.array(fc.boolean(), { maxLength: 3 }),
});

export type Activity = typeof activity extends fc.Arbitrary<infer Value> ? Value : never;

const statuses = ["queued", "running", "waiting", "completed", "failed", "cancelled"] as const;

const aCall: Activity["purged"][number] = {
  tokens: [1_000, 20],
  cost: 345,
  fence: 1,
  payer: 0,
  model: "test/model",
  ago: 7_000,
  isEstimated: false,
};

const aToolRun = { tool: "look", kind: "inline", outcome: "failed", starts: 2, ago: 7_000 } as const;

/** Something of each kind. */
export const everything: Activity = {
  users: [
    { role: "member", isSuspendedHere: true, isSuspended: false, keys: 3 },
    { role: "reader", isSuspendedHere: false, isSuspended: true, keys: 0 },
  ],
  conversations: statuses.map((_, owner) => ({
    owner,
    isShared: owner === 1,
    isDeleted: owner === 2,
    isTemporary: owner === 3,
    messages: 2,
    removed: 1,
    ago: 7_000,
  })),
  completions: statuses.map((status, index) => ({
    conversation: index,
    asker: index,
    status,
    agent: "support",
    model: "test/model",
    fence: 2,
    crashes: 1,
    error: "crash_loop",
    ago: 7_000,
    lease: 5,
    seconds: 12,
    calls: [aCall, { ...aCall, cost: null }],
    toolRuns: [
      { ...aToolRun, state: "finished", background: null },
      { ...aToolRun, state: "started", background: null },
      { ...aToolRun, state: "queued", kind: "background", background: { status, attempts: 3 } },
    ],
    isOfNode: true,
  })),
  purged: [aCall],
  jobs: [true, false],
};

const minutesAgo = (minutes: number) => sql`now() - make_interval(mins => ${minutes}::int)`;

const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;

interface Place {
  readonly database: Database;
  readonly workspaceId: string;
  readonly users: readonly string[];
}

const insertUsers = async (database: Database, workspaceId: string, users: Activity["users"]): Promise<string[]> => {
  const ids: string[] = [];
  for (const user of users) {
    const id = createId();
    await database.query(sql`
      insert into "user" (id, issuer, subject, name, suspended_at)
      values (${id}, 'test', ${id}, ${`User ${ids.length}, "one"`}, ${user.isSuspended ? new Date() : null}::timestamptz)`);
    await database.query(sql`
      insert into member (workspace_id, user_id, role, suspended_at)
      values (${workspaceId}, ${id}, ${user.role}, ${user.isSuspendedHere ? new Date() : null}::timestamptz)`);
    for (let number = 0; number < user.keys; number += 1) {
      await database.query(sql`
        insert into api_key (workspace_id, id, user_id, name, prefix, hash, kind, revoked_at)
        values (${workspaceId}, ${createId()}, ${id}, 'key', 'nk_12345', ${createId()}, ${number === 1 ? "browser" : "personal"},
          ${number === 2 ? new Date() : null}::timestamptz)`);
    }
    ids.push(id);
  }
  return ids;
};

const insertMessage = async ({ database, workspaceId }: Place, conversationId: string, isRemoved = false) => {
  const id = createId();
  await database.query(sql`
    with c as (
      update conversation set next_sequence = next_sequence + 1, message_count = message_count + ${isRemoved ? 0 : 1}
      where id = ${conversationId} and workspace_id = ${workspaceId} returning next_sequence - 1 as sequence)
    insert into message (workspace_id, conversation_id, id, sequence, role, deleted_at)
    select ${workspaceId}, ${conversationId}, ${id}, sequence, 'assistant', ${isRemoved ? new Date() : null}::timestamptz from c`);
  return id;
};

const insertConversations = async (there: Place, conversations: Activity["conversations"]): Promise<string[]> => {
  const ids: string[] = [];
  for (const conversation of conversations) {
    const id = createId();
    ids.push(id);
    await there.database.query(sql`
      insert into conversation (workspace_id, id, owner_id, agent, visibility, temporary, deleted_at, created_at)
      values (${there.workspaceId}, ${id}, ${at(there.users, conversation.owner)}, 'default',
        ${conversation.isShared ? "workspace" : "private"}, ${conversation.isTemporary}::boolean,
        ${conversation.isDeleted ? new Date() : null}::timestamptz, ${minutesAgo(conversation.ago)})`);
    for (let number = 0; number < conversation.messages; number += 1) await insertMessage(there, id);
    for (let number = 0; number < conversation.removed; number += 1) await insertMessage(there, id, true);
  }
  return ids;
};

const insertCall = (
  { database, workspaceId, users }: Place,
  [completionId, conversationId]: readonly [string, string],
  entry: Activity["purged"][number],
  step: number,
) =>
  database.query(sql`
    insert into usage (workspace_id, completion_id, step, fence, call, conversation_id, user_id, model, input_tokens, output_tokens, cost_micros, estimated, created_at)
    values (${workspaceId}, ${completionId}, ${step}, ${entry.fence}, 0, ${conversationId}, ${at(users, entry.payer)}, ${entry.model},
      ${entry.tokens[0]}, ${entry.tokens[1]}, ${entry.cost}::bigint, ${entry.isEstimated}::boolean, ${minutesAgo(entry.ago)})`);

type ToolRun = Activity["completions"][number]["toolRuns"][number];

const insertToolRun = async (
  { database, workspaceId, users }: Place,
  [completionId, conversationId]: readonly [string, string],
  run: ToolRun,
) => {
  const id = createId();
  const isOver = run.state === "finished";
  const outcome = isOver ? JSON.stringify({ type: run.outcome }) : null;
  await database.query(sql`
    insert into tool_execution (workspace_id, completion_id, call_id, id, kind, step, tool, input, status, fence, starts, outcome, created_at, finished_at)
    values (${workspaceId}, ${completionId}, ${id}, ${id}, ${run.kind}, 1, ${run.tool}, '{}'::jsonb, ${run.state}, 1, ${run.starts},
      ${outcome}::jsonb, ${minutesAgo(run.ago)}, ${isOver ? new Date() : null}::timestamptz)`);
  if (run.background === null) return;
  await database.query(sql`
    insert into background_execution (workspace_id, id, conversation_id, completion_id, message_id, call_id, user_id, agent, tool, input, status, attempts, secret)
    values (${workspaceId}, ${id}, ${conversationId}, ${completionId}, 'message', ${id}, ${at(users, 0)}, 'default', ${run.tool}, '{}'::jsonb,
      ${run.background.status}, ${run.background.attempts}, 'secret')`);
};

const insertCompletion = async (
  there: Place & { readonly nodeId: string },
  conversationId: string,
  done: Activity["completions"][number],
) => {
  const id = createId();
  const messageId = await insertMessage(there, conversationId);
  const isOpen = ["queued", "running", "waiting"].includes(done.status);
  const failure = done.status === "failed" ? JSON.stringify({ code: done.error, message: "It failed." }) : null;
  const isRunning = done.status === "running";
  const hasStarted = done.status !== "queued";
  await there.database.query(sql`
    insert into completion (workspace_id, id, conversation_id, message_id, requested_by, status, rank, agent, model, fence, crashes, error,
      created_at, due_at, started_at, finished_at, lease_until, worker_id, log_closed)
    values (${there.workspaceId}, ${id}, ${conversationId}, ${messageId}, ${at(there.users, done.asker)}, ${done.status}, 1, ${done.agent}, ${done.model},
      ${done.fence}, ${done.crashes}, ${failure}::jsonb, ${minutesAgo(done.ago)}, ${minutesAgo(done.ago)},
      ${hasStarted ? minutesAgo(done.ago) : sql`null::timestamptz`},
      ${isOpen ? sql`null::timestamptz` : sql`${minutesAgo(done.ago)} + make_interval(secs => ${done.seconds}::float8)`},
      ${isRunning ? sql`now() + make_interval(mins => ${done.lease}::int)` : sql`null::timestamptz`},
      ${isRunning && done.isOfNode ? there.nodeId : null}, ${!isOpen}::boolean)`);
  for (const [index, entry] of done.calls.entries()) await insertCall(there, [id, conversationId], entry, index + 1);
  for (const step of done.calls.keys()) {
    await there.database.query(sql`
      insert into completion_step (workspace_id, completion_id, step, fence, parts, calls, finish_reason)
      values (${there.workspaceId}, ${id}, ${step + 1}, ${done.fence}, '[]'::jsonb, '[]'::jsonb, 'stop')`);
  }
  for (const run of done.toolRuns) await insertToolRun(there, [id, conversationId], run);
};

/** Writes what happened into the base tables of a workspace. */
export const insertActivity = async (database: Database, workspaceId: string, done: Activity): Promise<void> => {
  const users = await insertUsers(database, workspaceId, done.users);
  const nodeId = createId();
  await database.query(
    sql`insert into node (id, role, version, capacity) values (${nodeId}, 'worker', '1.0.0', ${done.users.length})`,
  );
  const there = { database, workspaceId, users, nodeId };
  const conversations = await insertConversations(there, done.conversations);
  const busy = new Set<string>();
  for (const one of done.completions) {
    const conversationId = at(conversations, one.conversation);
    const isAtWork = one.status === "running" || one.status === "waiting";
    const isFree = !isAtWork || !busy.has(conversationId);
    if (isAtWork) busy.add(conversationId);
    await insertCompletion(there, conversationId, isFree ? one : { ...one, status: "cancelled" });
  }
  for (const [index, entry] of done.purged.entries())
    await insertCall(there, [createId(), createId()], entry, index + 1);
  for (const hasFailed of done.jobs) {
    await database.query(sql`
      insert into job (workspace_id, id, kind, subject, payload, failed_at)
      values (${workspaceId}, ${createId()}, 'title', ${createId()}, '{}'::jsonb, ${hasFailed ? new Date() : null}::timestamptz)`);
  }
};
