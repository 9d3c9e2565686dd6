import { z } from "zod";
import { cancelOfUser } from "../../completions/cancel-of-user.ts";
import { announceAll, endOrAsk } from "../../completions/cancel.ts";
import type { CompletionContext } from "../../completions/context.ts";
import { publishHint } from "../../completions/hints.ts";
import { announceExecution } from "../../conversations/tool-executions/change.ts";
import type { JobHandler } from "../../jobs/job.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import { endExecution } from "../../store/background/ending.ts";
import {
  deleteConversations,
  hideConversations,
  isAnythingOpen,
  listOpenExecutions,
  listOpenIn,
  type Traces,
} from "../../store/erasing/conversation-erasing.ts";
import { sum } from "../../store/erasing/count-gone.ts";
import { blankAudit, deleteFileRows, deleteLeftovers, listFilesOf } from "../../store/erasing/leftover-rows.ts";
import { endErasing, findErasing, lockErasing } from "../../store/erasing/order-rows.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import { eraseSaid } from "./erase-said.ts";

export interface EraseDependencies extends CompletionContext {
  readonly blobs: BlobStore;
  /** Seconds after the order before which no look is the last: a request that was let in before may write until then. Default 60. */
  readonly settleSeconds?: number | undefined;
}

const payloadSchema = z.object({ isGone: z.boolean() });
const batch = 100;
const waitSeconds = 1;
/** Longer than the body of a request may take that is not asked again who sends it, and than a title is waited for. */
const usualSettleSeconds = 60;

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

const hideAll = async ({ database, signals }: EraseDependencies, traces: Traces): Promise<number> => {
  let count = 0;
  for (;;) {
    const hidden = await hideConversations(database, traces, batch);
    for (const revision of hidden)
      publishHint(signals, revision, { kind: "conversation", id: revision.conversationId });
    if (hidden.length === 0) return count;
    count += hidden.length;
  }
};

const deleteAll = async ({ database }: EraseDependencies, traces: Traces, signal: AbortSignal): Promise<number> => {
  let count = 0;
  for (;;) {
    signal.throwIfAborted();
    const deleted = await deleteConversations(database, traces, batch);
    if (deleted === 0) return count;
    count += deleted;
  }
};

/** The bytes before their row: after a crash in between the row still tells that there is something to do. */
const deleteFiles = async (
  { database, blobs }: EraseDependencies,
  traces: Traces,
  signal: AbortSignal,
): Promise<number> => {
  let count = 0;
  for (;;) {
    signal.throwIfAborted();
    const ids = await listFilesOf(database, traces, batch);
    if (ids.length === 0) return count;
    for (const id of ids) await blobs.delete(id);
    await deleteFileRows(database, traces.workspaceId, ids);
    count += ids.length;
  }
};

/** One look at everything; each step finds by itself what is left of it. Null: something is at work still. */
const eraseOnce = async (
  dependencies: EraseDependencies,
  traces: Traces,
  signal: AbortSignal,
): Promise<number | null> => {
  const { database } = dependencies;
  const hidden = await hideAll(dependencies, traces);
  if (!(await stopAll(dependencies, traces))) return null;
  return sum([
    hidden,
    await eraseSaid(dependencies, traces, signal),
    await deleteAll(dependencies, traces, signal),
    await deleteFiles(dependencies, traces, signal),
    await database.transaction(() => deleteLeftovers(database, traces)),
  ]);
};

/** Ends an erasing that was ordered long enough ago. @returns otherwise the seconds until then */
const finish = (database: Database, traces: Traces, settleSeconds: number): Promise<number> =>
  database.transaction(async () => {
    const { workspaceId, userId } = traces;
    const ordered = await lockErasing(database, traces);
    if (ordered === undefined) return 0;
    const left = settleSeconds - ordered.age_seconds;
    if (left > 0) return left;
    await blankAudit(database, userId, payloadSchema.parse(ordered.payload).isGone ? undefined : workspaceId);
    await recordDeed(database, null, { action: "user.erased", subjectId: userId, target: userId, workspaceId });
    await endErasing(database, traces);
    return 0;
  });

/**
 * Erases what a user left in a workspace, as often as something is found, and at last when nothing can be written any more
 * that was under way when it was ordered.
 */
export const createEraseHandler =
  (dependencies: EraseDependencies): JobHandler =>
  async ({ workspaceId, subject: userId }, signal) => {
    const { database, settleSeconds = usualSettleSeconds } = dependencies;
    const traces = { workspaceId, userId };
    // before it is looked: what is ordered again meanwhile is looked at again
    const ordered = await findErasing(database, traces);
    if (ordered === undefined) return undefined;
    const found = await eraseOnce(dependencies, traces, signal);
    if (found === null) return { againInSeconds: waitSeconds };
    const isSettled = ordered.age_seconds >= settleSeconds;
    if (!isSettled) return { againInSeconds: settleSeconds - ordered.age_seconds };
    if (found > 0) return { againInSeconds: 0 };
    const left = await finish(database, traces, settleSeconds);
    return left > 0 ? { againInSeconds: left } : undefined;
  };
