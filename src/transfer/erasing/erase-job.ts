import { z } from "zod";
import { cancelOfUser } from "../../completions/cancel-of-user.ts";
import { announceAll, endOrAsk } from "../../completions/cancel.ts";
import type { CompletionContext } from "../../completions/context.ts";
import { publishHint } from "../../completions/hints.ts";
import { announceExecution } from "../../conversations/tool-executions/change.ts";
import type { JobHandler } from "../../jobs/job.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import { endExecution } from "../../store/background/ending.ts";
import {
  deleteConversations,
  forgetInstructions,
  hideConversations,
  isAnythingOpen,
  listOpenExecutions,
  listOpenIn,
  type Traces,
} from "../../store/erasing/conversation-erasing.ts";
import {
  blankAudit,
  deleteFileRows,
  deleteLeftovers,
  endErasing,
  listFilesOf,
} from "../../store/erasing/leftover-rows.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import { eraseSaid } from "./erase-said.ts";

export interface EraseDependencies extends CompletionContext {
  readonly blobs: BlobStore;
  /** Seconds after which everything is looked at once more: a request that was let in before may have written since. Default 10. */
  readonly settleSeconds?: number | undefined;
}

const payloadSchema = z.object({ isGone: z.boolean() });
const batch = 100;
const waitSeconds = 1;
const usualSettleSeconds = 10;

const cancelled = { type: "failed", message: "The person it ran for was erased." } as const;

/** Stops whatever runs for the user, or in conversations of theirs. False: some of it has not ended yet. */
const stopAll = async (context: EraseDependencies, traces: Traces): Promise<boolean> => {
  const { database, signals } = context;
  await cancelOfUser(database, traces, context);
  for (const key of await listOpenIn(database, traces))
    announceAll(context, [await database.transaction(() => endOrAsk(database, key, null))]);
  for (const { round, ...key } of await listOpenExecutions(database, traces)) {
    const end = { status: "cancelled", result: cancelled, from: { round }, continueJobId: null } as const;
    const revision = await endExecution(database, key, end);
    if (revision !== undefined) announceExecution({ signals }, key, revision);
  }
  return !(await isAnythingOpen(database, traces));
};

const hideAll = async ({ database, signals }: EraseDependencies, traces: Traces): Promise<void> => {
  for (;;) {
    const hidden = await hideConversations(database, traces, batch);
    for (const revision of hidden)
      publishHint(signals, revision, { kind: "conversation", id: revision.conversationId });
    if (hidden.length === 0) return;
  }
};

/** The bytes before their row: after a crash in between the row still tells that there is something to do. */
const deleteFiles = async (
  { database, blobs }: EraseDependencies,
  traces: Traces,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    signal.throwIfAborted();
    const ids = await listFilesOf(database, traces, batch);
    if (ids.length === 0) return;
    for (const id of ids) await blobs.delete(id);
    await deleteFileRows(database, traces.workspaceId, ids);
  }
};

const finish = ({ database }: EraseDependencies, { workspaceId, userId }: Traces, isGone: boolean): Promise<void> =>
  database.transaction(async () => {
    await blankAudit(database, userId, isGone ? undefined : workspaceId);
    await recordDeed(database, null, { action: "user.erased", subjectId: userId, target: userId, workspaceId });
    await endErasing(database, { workspaceId, userId });
  });

/** Erases what a user left in a workspace. Every step finds by itself what is left of it, so it goes on after a crash. */
export const createEraseHandler =
  (dependencies: EraseDependencies): JobHandler =>
  async ({ workspaceId, subject: userId, payload, attempt }, signal) => {
    const { database, settleSeconds = usualSettleSeconds } = dependencies;
    const { isGone } = payloadSchema.parse(payload);
    const traces = { workspaceId, userId };
    await hideAll(dependencies, traces);
    if (!(await stopAll(dependencies, traces))) return { againInSeconds: waitSeconds };
    await eraseSaid(dependencies, traces, signal);
    await forgetInstructions(database, traces);
    do signal.throwIfAborted();
    while ((await deleteConversations(database, traces, batch)) > 0);
    await deleteFiles(dependencies, traces, signal);
    await database.transaction(() => deleteLeftovers(database, traces));
    if (attempt === 1) return { againInSeconds: settleSeconds };
    await finish(dependencies, traces, isGone);
    return undefined;
  };
