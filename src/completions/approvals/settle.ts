import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import { decideApprovalRow, type DecidedApproval } from "../../store/tools/approval-rows.ts";
import { answerClientCall } from "../../store/tools/client-call-rows.ts";
import type { CompletionRow } from "../../store/completion/completion-rows.ts";
import { resumeCompletion } from "../../store/completion/waiting-rows.ts";
import { sources } from "../state.ts";

/** What answers a question. */
export type QuestionAnswer =
  | ({ readonly kind: "approval" } & Omit<DecidedApproval, "workspaceId">)
  | { readonly kind: "call"; readonly id: string; readonly outcome: ToolOutcome; readonly isLate: boolean };

const apply = (database: Database, { workspaceId }: CompletionKey, answer: QuestionAnswer): Promise<boolean> =>
  answer.kind === "approval"
    ? decideApprovalRow(database, { ...answer, workspaceId })
    : answerClientCall(database, { ...answer, workspaceId }, answer.isLate);

/** Whether answers still mean something to a completion. */
export const takesAnswers = ({ status, cancel_requested_at }: CompletionRow): boolean =>
  cancel_requested_at === null && (status === "running" || sources("resume").includes(status));

/**
 * Answers questions of a completion that is locked, all or none, and makes it due again where it waits. Null: one of them
 * can't be answered (any more); the transaction must not be committed then.
 */
export const settle = async (
  database: Database,
  key: CompletionKey,
  answers: readonly QuestionAnswer[],
): Promise<ConversationRevision | null> => {
  for (const answer of answers) if (!(await apply(database, key, answer))) return null;
  return (await resumeCompletion(database, key))?.revision ?? null;
};
