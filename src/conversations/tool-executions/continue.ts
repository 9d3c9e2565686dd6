import type { CompletionContext } from "../../completions/context.ts";
import { publishHint } from "../../completions/hints.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { findResultPlace } from "../../store/background/claiming.ts";
import { insertContinuation, isBusy, type ContinuedRow } from "../../store/background/continuing.ts";
import { findExecution, type ExecutionKey } from "../../store/background/execution-rows.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import type { AcceptedCompletion } from "../context.ts";
import type { Job, JobHandler } from "../../jobs/job.ts";

export interface ContinueDependencies extends Pick<CompletionContext, "database" | "signals" | "queue"> {
  readonly onAccepted?: (completion: AcceptedCompletion) => void;
}

/** Answers in a row that no person asked for: what tools could go on with for ever, ends. */
const maxAnswers = 10;
const mostBusySeconds = 15;

type Decision =
  | { readonly type: "drop" }
  | { readonly type: "busy" }
  | { readonly type: "continued"; readonly accepted: AcceptedCompletion; readonly row: ContinuedRow };

const decide = async (database: Database, key: ExecutionKey): Promise<Decision> => {
  const { workspaceId } = key;
  const execution = await findExecution(database, key);
  if (execution === undefined) return { type: "drop" };
  const conversationId = execution.conversation_id;
  const conversation = await findConversation(database, workspaceId, conversationId, { lock: true });
  const leafId = conversation?.active_leaf_id;
  if (
    conversation === undefined ||
    conversation.deleted_at !== null ||
    conversation.status === "archived" ||
    leafId == null
  )
    return { type: "drop" };
  const place = await findResultPlace(database, { workspaceId, conversationId, id: leafId }, key);
  if (place?.is_untold !== true || place.answers >= maxAnswers) return { type: "drop" };
  if (await isBusy(database, workspaceId, conversationId)) return { type: "busy" };
  const completionId = createId();
  const row = await insertContinuation(database, {
    workspaceId,
    conversationId,
    parentId: leafId,
    originId: execution.completion_id,
    userId: execution.user_id,
    completionId,
    messageId: createId(),
  });
  if (row === undefined) return { type: "drop" };
  return { type: "continued", row, accepted: { workspaceId, conversationId, completionId } };
};

const secondsUntilNextLook = ({ attempt }: Job): number => Math.min(2 ** (attempt - 1), mostBusySeconds);

/**
 * Goes on with the result of a background tool (`onResult: "continue"`): a completion of its own on the active branch, paid by
 * whoever the tool ran for. Not before what is at work has ended; not at all where the result was told meanwhile, the person
 * has gone to another branch, or the conversation is deleted or archived.
 */
export const createContinueHandler =
  ({ database, signals, queue, onAccepted }: ContinueDependencies): JobHandler =>
  async (job) => {
    const decision = await database.transaction(() =>
      decide(database, { workspaceId: job.workspaceId, id: job.subject }),
    );
    if (decision.type === "busy") return { againInSeconds: secondsUntilNextLook(job) };
    if (decision.type === "drop") return;
    const { accepted, row } = decision;
    onAccepted?.(accepted);
    queue.push({ workspaceId: accepted.workspaceId, completionId: accepted.completionId });
    publishHint(signals, row.revision, { kind: "completion", id: accepted.completionId });
  };
