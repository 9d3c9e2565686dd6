import sql from "sql-template-tag";
import type { Database } from "../ports/database.ts";
import type { CompletionKey } from "../ports/queue.ts";
import { settling, type ExactUsage, type UsageOpening } from "./usage-rows.ts";

/**
 * Opens the entry of a call that has no claim, estimated; it takes the next fence among those of its completion, step
 * and call number. Answers that fence.
 */
export const openSideUsage = async (database: Database, opening: Omit<UsageOpening, "fence">): Promise<number> => {
  const { workspaceId, completionId, step, call, bill } = opening;
  const rows = await database.query<{ fence: number }>(sql`
    insert into usage (workspace_id, completion_id, step, fence, call, conversation_id, user_id, model, input_tokens, output_tokens, cost_micros, price, estimated)
    select ${workspaceId}, ${completionId}, ${step}::int, coalesce(max(fence), 0) + 1, ${call}::int, ${opening.conversationId}, ${opening.userId}, ${opening.model},
      ${opening.inputTokens}::int, 0, ${bill?.costMicros ?? null}::bigint, ${bill === null ? null : JSON.stringify(bill.price)}::jsonb, true
    from usage where workspace_id = ${workspaceId} and completion_id = ${completionId} and step = ${step} and call = ${call}
    returning fence`);
  const [row] = rows;
  if (row === undefined) throw new Error("insert into usage returned no row");
  return row.fence;
};

export const settleSideUsage = (
  database: Database,
  call: CompletionKey & { readonly fence: number },
  exact: ExactUsage,
): Promise<unknown[]> => database.query(settling(call, 0, exact));
