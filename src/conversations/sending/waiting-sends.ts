import { announceCancel, wakeNext } from "../../completions/cancel.ts";
import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { releaseAttachments } from "../../store/message/attachment-rows.ts";
import {
  dropQueued,
  findCompletion,
  listQueuedRows,
  moveAhead,
  requestCancelOfActive,
  type CompletionRow,
} from "../../store/completion/completion-rows.ts";
import { bumpConversation } from "../../store/conversation/conversation-rows.ts";
import { setMessageParts, tombstoneMessages } from "../../store/message/message-rows.ts";
import { openConversation } from "../access.ts";
import { attachFiles } from "../files/attach-files.ts";
import type { ConversationContext } from "../context.ts";
import { withStoredFiles, type StoredParts } from "../files/store-data-files.ts";
import type { WaitingSend } from "../../protocol/waiting-send.ts";

/** In the order in which they will go. */
export const listWaiting = async (
  database: Database,
  principal: Principal,
  conversationId: string,
  permit: Permit,
): Promise<WaitingSend[]> => {
  await openConversation(database, principal, { id: conversationId, permit });
  const rows = await listQueuedRows(database, principal.workspaceId, conversationId);
  // what goes on with a background tool's result is no message of anybody
  const sent = rows.filter(({ user_message_id }) => user_message_id !== null);
  return sent.map((row) => ({
    completionId: row.id,
    messageId: row.user_message_id,
    parts: [...(row.parts ?? [])],
    createdAt: row.created_at.toISOString(),
  }));
};

/** The completion, locked, while it is still queued; with its conversation's permit. */
const lockQueued = async (
  database: Database,
  principal: Principal,
  completionId: string,
  permit: Permit,
): Promise<CompletionRow> => {
  const row = await findCompletion(database, { workspaceId: principal.workspaceId, completionId }, { lock: true });
  if (row === undefined) throw notFound("completion");
  await openConversation(database, principal, { id: row.conversation_id, permit });
  if (row.status !== "queued") throw new NatterError("conflict", "This message is not waiting any more.");
  return row;
};

const rewrite = async (
  context: ConversationContext,
  principal: Principal,
  input: { readonly completionId: string; readonly stored: StoredParts },
  permit: Permit,
): Promise<void> => {
  const { database, signals } = context;
  const revision = await database.transaction(async () => {
    const row = await lockQueued(database, principal, input.completionId, permit);
    if (row.regenerates || row.user_message_id === null)
      throw new NatterError(
        "conflict",
        "This waits to answer a message that is stored already; edit that message instead.",
      );
    await setMessageParts(
      database,
      { workspaceId: row.workspace_id, conversationId: row.conversation_id, id: row.user_message_id },
      await attachFiles(
        database,
        { principal, conversationId: row.conversation_id, storage: context.storage },
        input.stored,
      ),
    );
    await releaseAttachments(database, { workspaceId: row.workspace_id, conversationId: row.conversation_id });
    return bumpConversation(database, row.workspace_id, row.conversation_id);
  });
  if (revision !== undefined) publishHint(signals, revision, { kind: "completion", id: input.completionId });
};

/** Says a waiting send in other words; it keeps its number and its place in the queue. */
export const changeWaiting = (
  context: ConversationContext,
  principal: Principal,
  { completionId, parts }: { readonly completionId: string; readonly parts: readonly Part[] },
  permit: Permit,
): Promise<void> =>
  withStoredFiles(context, parts, (stored) => rewrite(context, principal, { completionId, stored }, permit));

/** Takes a waiting send back: the message and its placeholder become tombstones. */
export const removeWaiting = async (
  context: ConversationContext,
  principal: Principal,
  completionId: string,
  permit: Permit,
): Promise<void> => {
  const { database, signals } = context;
  const { row, revision } = await database.transaction(async () => {
    const queued = await lockQueued(database, principal, completionId, permit);
    await dropQueued(database, { workspaceId: queued.workspace_id, completionId });
    const isOwn = !queued.regenerates && queued.user_message_id !== null;
    const ids = [queued.message_id, ...(isOwn ? [queued.user_message_id] : [])];
    const { workspace_id: workspaceId, conversation_id: conversationId } = queued;
    const emptied = await tombstoneMessages(database, workspaceId, conversationId, ids);
    await releaseAttachments(database, { workspaceId, conversationId });
    return { row: queued, revision: emptied };
  });
  if (revision !== undefined) publishHint(signals, revision, { kind: "completion", id: completionId });
  await wakeNext(context, row.workspace_id, row.conversation_id);
};

/** Sends a waiting message next, and stops what runs for it. */
export const sendNow = async (
  context: ConversationContext,
  principal: Principal,
  completionId: string,
  permit: Permit,
): Promise<void> => {
  const { database, signals } = context;
  const { row, revision } = await database.transaction(async () => {
    const queued = await lockQueued(database, principal, completionId, permit);
    await moveAhead(database, { workspaceId: queued.workspace_id, completionId }, queued.conversation_id);
    await requestCancelOfActive(database, queued.workspace_id, queued.conversation_id, principal.userId);
    return { row: queued, revision: await bumpConversation(database, queued.workspace_id, queued.conversation_id) };
  });
  if (revision !== undefined) publishHint(signals, revision, { kind: "completion", id: completionId });
  await announceCancel(context, row.workspace_id, row.conversation_id);
  context.queue.push({ workspaceId: row.workspace_id, completionId });
};
