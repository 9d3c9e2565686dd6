import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import { settling, type ExactUsage, type UsageOpening } from "./usage-rows.ts";

/**
 * Opens the entry of a call that has no claim, estimated; it takes the next fence among those of its completion, step
 * and call number, and the API key of the completion. Answers both.
 */
export const openSideUsage = async (
  database: Database,
  opening: Omit<UsageOpening, "fence" | "keyId">,
): Promise<{ fence: number; key_id: string | null }> => {
  const { workspaceId, completionId, step, call, bill, hold } = opening;
  const rows = await database.query<{ fence: number; key_id: string | null }>(sql`
    insert into usage (workspace_id, completion_id, step, fence, call, conversation_id, user_id, model, input_tokens, output_tokens, cost_micros, price, estimated,
      key_id, held_tokens, held_micros)
    select ${workspaceId}, ${completionId}, ${step}::int, coalesce(max(fence), 0) + 1, ${call}::int, ${opening.conversationId}, ${opening.userId}, ${opening.model},
      ${opening.inputTokens}::int, 0, ${bill?.costMicros ?? null}::bigint, ${bill === null ? null : JSON.stringify(bill.price)}::jsonb, true,
      (select key_id from completion where workspace_id = ${workspaceId} and id = ${completionId}), ${hold?.tokens ?? null}::bigint, ${hold?.micros ?? null}::bigint
    from usage where workspace_id = ${workspaceId} and completion_id = ${completionId} and step = ${step} and call = ${call}
    returning fence, key_id`);
  const [row] = rows;
  if (row === undefined) throw new Error("insert into usage returned no row");
  return row;
};

export const settleSideUsage = (
  database: Database,
  call: CompletionKey & { readonly fence: number },
  exact: ExactUsage,
): Promise<unknown[]> => database.query(settling(call, 0, exact));
