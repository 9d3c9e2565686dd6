import type { CompletionContext } from "../../completions/context.ts";
import { publishHint } from "../../completions/hints.ts";
import { emptyVersions, emptyVersionsOf } from "../../store/erasing/artifact-erasing.ts";
import { forgetInstructions, type Traces } from "../../store/erasing/conversation-erasing.ts";
import { sum } from "../../store/erasing/count-gone.ts";
import { forgetAnswers } from "../../store/erasing/leftover-rows.ts";
import {
  deleteRecords,
  forgetTitles,
  listSaidThere,
  listShownVersions,
  type SaidThere,
} from "../../store/erasing/message-erasing.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import { forgetSummaries } from "../../store/conversation/summary-rows.ts";
import { releaseAttachments } from "../../store/message/attachment-rows.ts";
import { tombstoneMessages } from "../../store/message/message-rows.ts";

type Context = Pick<CompletionContext, "database" | "signals">;

const batch = 500;

const eraseIn = async (
  { database, signals }: Context,
  workspaceId: string,
  { conversation_id: conversationId, ids }: SaidThere,
): Promise<void> => {
  const place = { workspaceId, conversationId };
  const revision = await database.transaction(async () => {
    await findConversation(database, workspaceId, conversationId, { lock: true });
    const versions = await listShownVersions(database, place, ids);
    const emptied = await tombstoneMessages(database, workspaceId, conversationId, ids);
    await emptyVersions(database, workspaceId, versions);
    await forgetSummaries(database, place);
    await releaseAttachments(database, place);
    await forgetAnswers(database, workspaceId, [conversationId]);
    return emptied;
  });
  if (revision !== undefined) publishHint(signals, revision, { kind: "conversation", id: conversationId });
};

/**
 * Empties what a user said in conversations of others, and what was answered to it; its numbers and places stay. Answers
 * how much it was.
 */
export const eraseSaid = async (context: Context, traces: Traces, signal: AbortSignal): Promise<number> => {
  const { database } = context;
  let count = 0;
  for (;;) {
    signal.throwIfAborted();
    const said = await listSaidThere(database, traces, batch);
    if (said.length === 0) break;
    for (const one of said) await eraseIn(context, traces.workspaceId, one);
    count += said.length;
  }
  return database.transaction(async () =>
    sum([
      count,
      await forgetTitles(database, traces),
      await forgetInstructions(database, traces),
      await deleteRecords(database, traces),
      await emptyVersionsOf(database, traces),
    ]),
  );
};
