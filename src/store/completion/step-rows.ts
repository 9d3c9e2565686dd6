import sql from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { FinishReason, Part } from "../../protocol/message/chunk.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import type { ToolCall } from "../../protocol/agent/tool.ts";
import type { Database } from "../../ports/database.ts";
import type { Snapshot } from "./completion-rows.ts";
import type { Claimed } from "./held.ts";
import { settling, type ExactUsage } from "../money/usage-rows.ts";

export interface StepRow {
  readonly step: number;
  readonly parts: readonly Part[];
  readonly calls: readonly ToolCall[];
  readonly finish_reason: FinishReason;
  readonly usage: Usage | null;
  readonly provider_metadata: unknown;
}

export const listStepRows = (database: Database, key: CompletionKey): Promise<StepRow[]> =>
  database.query(sql`
    select step, parts, calls, finish_reason, usage, provider_metadata from completion_step
    where workspace_id = ${key.workspaceId} and completion_id = ${key.completionId} order by step`);

/** *Model done*: stores the step, makes its ledger entry exact, forgets crashes and snapshot. May be repeated. False: the claim is lost. */
export const insertStep = async (
  database: Database,
  claim: Claimed,
  step: StepRow,
  exact: ExactUsage,
): Promise<boolean> => {
  const rows = await database.query(sql`
    with held as (
      update completion set crashes = 0, snapshot = null
      where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running' returning 1
    ), paid as (${settling(claim, step.step, exact)} and exists (select 1 from held) returning 1)
    insert into completion_step (workspace_id, completion_id, step, fence, parts, calls, finish_reason, usage, provider_metadata)
    select ${claim.workspaceId}, ${claim.completionId}, ${step.step}, ${claim.fence}, ${JSON.stringify(step.parts)}::jsonb,
      ${JSON.stringify(step.calls)}::jsonb, ${step.finish_reason}, ${step.usage === null ? null : JSON.stringify(step.usage)}::jsonb,
      ${step.provider_metadata === undefined ? null : JSON.stringify(step.provider_metadata)}::jsonb
    from held
    on conflict (workspace_id, completion_id, step) do update set fence = excluded.fence where completion_step.fence = excluded.fence
    returning 1`);
  return rows.length === 1;
};

/** Steps of a runner that calls models by itself: new ones, and earlier ones whose calls got results; forgets crashes and snapshot. May be repeated. False: the claim is lost. */
export const saveSteps = async (
  database: Database,
  claim: Claimed,
  steps: readonly { readonly step: number; readonly parts: readonly Part[] }[],
): Promise<boolean> => {
  const rows = await database.query(sql`
    with held as (
      update completion set crashes = 0, snapshot = null
      where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running' returning 1
    ), saved as (
      insert into completion_step (workspace_id, completion_id, step, fence, parts, calls, finish_reason)
      select ${claim.workspaceId}, ${claim.completionId}, entry.step, ${claim.fence}, entry.parts::jsonb, '[]'::jsonb, 'stop'
      from held, unnest(${steps.map(({ step }) => step)}::int[], ${steps.map(({ parts }) => JSON.stringify(parts))}::text[]) entry (step, parts)
      on conflict (workspace_id, completion_id, step) do update set parts = excluded.parts, fence = excluded.fence
    )
    select 1 from held`);
  return rows.length === 1;
};

/** Keeps what was shown of the open step, for the case that every worker dies. False: the claim is lost. */
export const saveSnapshot = async (database: Database, claim: Claimed, snapshot: Snapshot): Promise<boolean> => {
  const rows = await database.query(sql`
    update completion set snapshot = ${JSON.stringify(snapshot)}::jsonb
    where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running' returning 1`);
  return rows.length === 1;
};
