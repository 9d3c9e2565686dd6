import sql, { empty, join, type Sql } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Database } from "../../ports/database.ts";
import type { Checkpoint, CheckpointWrite } from "../../protocol/agent/checkpoint.ts";
import { holding, type Claimed } from "./held.ts";

const columns = sql`namespace, id, parent_id as "parentId", format, state, metadata`;

const ofCompletion = ({ workspaceId, completionId }: CompletionKey): Sql =>
  sql`workspace_id = ${workspaceId} and completion_id = ${completionId}`;

/** Newest first; `at` narrows to a namespace, and to one id of it. */
export const listCheckpointRows = (
  database: Database,
  key: CompletionKey,
  at: { readonly namespace?: string | undefined; readonly id?: string | undefined; readonly limit?: number },
): Promise<Checkpoint[]> =>
  database.query(sql`
    select ${columns} from checkpoint where ${ofCompletion(key)}
      ${at.namespace === undefined ? empty : sql`and namespace = ${at.namespace}`} ${at.id === undefined ? empty : sql`and id = ${at.id}`}
    order by id collate "C" desc limit ${at.limit ?? 1_000}`);

/** In the order in which a live run applies them: by code points of path and task. */
export const listCheckpointWrites = (
  database: Database,
  key: CompletionKey,
  namespace: string,
  checkpointId: string,
): Promise<CheckpointWrite[]> =>
  database.query(sql`
    select task_id as "taskId", index, task_path as "taskPath", channel, format, value from checkpoint_write
    where ${ofCompletion(key)} and namespace = ${namespace} and checkpoint_id = ${checkpointId}
    order by task_path collate "C", task_id collate "C", index`);

/** May be repeated. False: the claim is lost. */
export const insertCheckpoint = async (
  database: Database,
  claim: Claimed,
  checkpoint: Checkpoint,
): Promise<boolean> => {
  const { namespace, id, parentId, format, state, metadata } = checkpoint;
  const rows = await database.query(sql`
    with held as (${holding(claim)})
    insert into checkpoint (workspace_id, completion_id, namespace, id, parent_id, format, state, metadata)
    select ${claim.workspaceId}, ${claim.completionId}, ${namespace}, ${id}, ${parentId}, ${format}, ${state}, ${metadata} from held
    on conflict (completion_id, namespace, id, workspace_id) do update
      set parent_id = excluded.parent_id, format = excluded.format, state = excluded.state, metadata = excluded.metadata
    returning 1`);
  return rows.length === 1;
};

/** May be repeated: what is there stays, but for negative indexes. False: the claim is lost. */
export const insertCheckpointWrites = async (
  database: Database,
  claim: Claimed,
  { namespace, checkpointId }: { readonly namespace: string; readonly checkpointId: string },
  writes: readonly CheckpointWrite[],
): Promise<boolean> => {
  const rows = writes.map(
    ({ taskId, index, taskPath, channel, format, value }) =>
      sql`(${taskId}::text, ${index}::int, ${taskPath}::text, ${channel}::text, ${format}::text, ${value}::text)`,
  );
  const inserted =
    rows.length === 0
      ? empty
      : sql`, inserted as (
          insert into checkpoint_write (workspace_id, completion_id, namespace, checkpoint_id, task_id, index, task_path, channel, format, value)
          select ${claim.workspaceId}, ${claim.completionId}, ${namespace}, ${checkpointId}, entry.* from held,
            (values ${join(rows)}) entry (task_id, index, task_path, channel, format, value)
          on conflict (completion_id, namespace, checkpoint_id, task_id, index, workspace_id) do update
            set task_path = excluded.task_path, channel = excluded.channel, format = excluded.format, value = excluded.value
            where checkpoint_write.index < 0
        )`;
  const held = await database.query(sql`with held as (${holding(claim)}) ${inserted} select 1 from held`);
  return held.length === 1;
};

const ended = sql`(completion_id, workspace_id) in (
  select id, workspace_id from completion where status in ('completed', 'failed', 'cancelled'))`;

/** Forgets what no run can go on from any more: their completions have ended. */
export const purgeCheckpoints = (database: Database): Promise<unknown> =>
  database.transaction(async () => {
    await database.query(sql`delete from checkpoint_write where ${ended}`);
    await database.query(sql`delete from checkpoint where ${ended}`);
  });
