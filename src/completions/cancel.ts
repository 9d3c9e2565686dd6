import type { CompletionKey } from "../ports/queue.ts";
import type { Permit } from "../protocol/access.ts";
import type { Principal } from "../protocol/principal.ts";
import type { Completion } from "../protocol/resources.ts";
import {
  cancelUnclaimed,
  findAttachableRow,
  findCompletion,
  requestCancel,
  type CompletionRow,
} from "../store/completion-rows.ts";
import { findNextQueued } from "../store/claims.ts";
import type { CompletionContext } from "./context.ts";
import { admitTo, openCompletion } from "./open.ts";
import { toCompletion } from "./resource.ts";
import { sources, transitions, statuses } from "./state.ts";

const keyOf = (row: CompletionRow): CompletionKey => ({ workspaceId: row.workspace_id, completionId: row.id });

/** `cancel` ends these at once: nobody is working on them. */
const unclaimed = statuses.filter((status) => transitions[status].cancel === "cancelled");
/** `cancel` only asks their worker. */
const atWork = sources("cancel").filter((status) => !unclaimed.includes(status));

/** Tells the workers which completion of the conversation should stop, if one runs. */
export const announceCancel = async (
  context: CompletionContext,
  workspaceId: string,
  conversationId: string,
): Promise<void> => {
  const row = await findAttachableRow(context.database, workspaceId, conversationId);
  if (row?.status === "running") context.signals.publish("cancel", JSON.stringify(keyOf(row)));
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

const cancelRow = async (context: CompletionContext, row: CompletionRow): Promise<CompletionRow> => {
  const key = keyOf(row);
  const ended = await context.database.transaction(async () => {
    const rows = await cancelUnclaimed(context.database, key, unclaimed);
    return rows.length === 1 || (await requestCancel(context.database, key, atWork)).length === 0;
  });
  if (ended) {
    // its log has no ending yet: a worker appends it
    context.queue.push(key);
    await wakeNext(context, row.workspace_id, row.conversation_id);
  } else {
    context.signals.publish("cancel", JSON.stringify(key));
  }
  return (await findCompletion(context.database, key)) ?? row;
};

/** Ends a completion for good (promise 3): at once when no worker has it, else within a second. Does nothing to one that has ended. */
export const cancel = async (
  context: CompletionContext,
  principal: Principal,
  completionId: string,
  permit: Permit,
): Promise<Completion> =>
  toCompletion(await cancelRow(context, await openCompletion(context.database, principal, completionId, permit)));

/** Stops what runs or waits in a conversation; waiting sends stay. Null when nothing does. */
export const cancelActive = async (
  context: CompletionContext,
  principal: Principal,
  conversationId: string,
  permit: Permit,
): Promise<Completion | null> => {
  await admitTo(context.database, { workspaceId: principal.workspaceId, conversationId }, permit);
  const row = await findAttachableRow(context.database, principal.workspaceId, conversationId);
  if (row === undefined || row.status === "queued") return null;
  return toCompletion(await cancelRow(context, row));
};
