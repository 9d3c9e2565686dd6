import type { Database } from "../ports/database.ts";
import type { CompletionKey } from "../ports/queue.ts";
import type { Permit } from "../protocol/people/access.ts";
import type { ConversationRevision } from "../protocol/hint.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Completion } from "../protocol/resources.ts";
import {
  cancelUnclaimed,
  findAttachableRow,
  findCompletion,
  listOpenRows,
  requestCancel,
  type CompletionRow,
} from "../store/completion/completion-rows.ts";
import { findNextQueued } from "../store/completion/claims.ts";
import type { CompletionContext } from "./context.ts";
import { publishHint } from "./hints.ts";
import { admitTo, openCompletion } from "./open.ts";
import { toCompletion } from "./resource.ts";
import { announceResumed } from "./resume.ts";
import { sources, transitions, statuses } from "./state.ts";

const keyOf = (row: CompletionRow): CompletionKey => ({ workspaceId: row.workspace_id, completionId: row.id });

/** `cancel` ends these at once: nobody is working on them. */
const unclaimed = statuses.filter((status) => transitions[status].cancel === "cancelled");
/** `cancel` only asks their worker. */
const atWork = sources("cancel").filter((status) => !unclaimed.includes(status));

/** Tells the worker that has a completion to stop it, and where nobody has it, because it waited, some worker to end it. */
const announceRequest = ({ signals }: CompletionContext, key: CompletionKey): void => {
  signals.publish("cancel", JSON.stringify(key));
  announceResumed(signals, key);
};

/** Tells the workers which completion of the conversation should stop, if one runs that was asked to. */
export const announceCancel = async (
  context: CompletionContext,
  workspaceId: string,
  conversationId: string,
): Promise<void> => {
  const row = await findAttachableRow(context.database, workspaceId, conversationId);
  const isAsked = row?.status === "running" && row.cancel_requested_at !== null;
  if (isAsked) announceRequest(context, keyOf(row));
};

/** Wakes a worker for the waiting send that may go now, if there is one. */
export const wakeNext = async (
  context: CompletionContext,
  workspaceId: string,
  conversationId: string,
): Promise<void> => {
  const completionId = await findNextQueued(context.database, workspaceId, conversationId);
  if (completionId !== undefined) context.queue.push({ workspaceId, completionId });
};

/** A completion that was told to end, in a transaction that is still open. */
export interface Cancelled {
  readonly key: CompletionKey;
  /** False: its worker was asked to. */
  readonly ended: boolean;
  /** What this made of the conversation; null when it ended before, or was only asked. */
  readonly revision: ConversationRevision | null;
}

/**
 * Ends it if no worker has it, else asks its worker to; inside a transaction, and announced after it.
 * @param by the user who wants it; null: the server
 */
export const endOrAsk = async (database: Database, key: CompletionKey, by: string | null): Promise<Cancelled> => {
  for (;;) {
    const [cancelled] = await cancelUnclaimed(database, key, unclaimed, by);
    if (cancelled !== undefined) return { key, ended: true, revision: cancelled.revision };
    if ((await requestCancel(database, key, atWork, by)).length === 1) return { key, ended: false, revision: null };
    const row = await findCompletion(database, key);
    if (row === undefined || !sources("cancel").includes(row.status)) return { key, ended: true, revision: null };
  }
};

const announce = (context: CompletionContext, { key, ended, revision }: Cancelled): void => {
  if (revision !== null) publishHint(context.signals, revision, { kind: "completion", id: key.completionId });
  // the log of one that has ended lacks its ending yet: a worker appends it
  if (ended) context.queue.push(key);
  else announceRequest(context, key);
};

const cancelRow = async (
  context: CompletionContext,
  row: CompletionRow,
  { userId }: Principal,
  record?: () => Promise<void>,
): Promise<CompletionRow> => {
  const key = keyOf(row);
  const cancelled = await context.database.transaction(async () => {
    const done = await endOrAsk(context.database, key, userId);
    if (!done.ended || done.revision !== null) await record?.();
    return done;
  });
  announce(context, cancelled);
  if (cancelled.ended) await wakeNext(context, row.workspace_id, row.conversation_id);
  return (await findCompletion(context.database, key)) ?? row;
};

/** Ends everything of a conversation, in the order in which it would have gone. `announceAll` follows the commit. */
export const cancelAll = async (
  database: Database,
  conversation: { readonly workspaceId: string; readonly conversationId: string },
  by: string,
): Promise<Cancelled[]> => {
  const cancelled: Cancelled[] = [];
  for (const row of await listOpenRows(database, conversation.workspaceId, conversation.conversationId)) {
    cancelled.push(await endOrAsk(database, keyOf(row), by));
  }
  return cancelled;
};

export const announceAll = (context: CompletionContext, cancelled: readonly Cancelled[]): void => {
  for (const one of cancelled) announce(context, one);
};

/** Ends a completion for good (promise 3): at once when no worker has it, else within a second. Does nothing to one that has ended. */
export const cancel = async (
  context: CompletionContext,
  principal: Principal,
  completionId: string,
  permit: Permit,
): Promise<Completion> =>
  toCompletion(
    await cancelRow(context, await openCompletion(context.database, principal, completionId, permit), principal),
  );

export interface RecordedCancel {
  readonly permit: Permit;
  /** Called in the transaction that ends it, or asks its worker to; not for one that has ended. */
  readonly record: () => Promise<void>;
}

/** The same, written down. */
export const cancelRecorded = async (
  context: CompletionContext,
  principal: Principal,
  completionId: string,
  { permit, record }: RecordedCancel,
): Promise<void> => {
  const row = await openCompletion(context.database, principal, completionId, permit);
  await cancelRow(context, row, principal, record);
};

/**
 * Stops what the conversation is answering: what runs or waits, else what goes first and no worker has taken yet. Other
 * waiting sends stay. Null when there is nothing.
 */
export const cancelActive = async (
  context: CompletionContext,
  principal: Principal,
  conversationId: string,
  permit: Permit,
): Promise<Completion | null> => {
  await admitTo(context.database, { workspaceId: principal.workspaceId, conversationId }, permit);
  const row = await findAttachableRow(context.database, principal.workspaceId, conversationId);
  return row === undefined ? null : toCompletion(await cancelRow(context, row, principal));
};
