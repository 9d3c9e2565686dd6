import { z } from "zod";
import type { Database } from "../ports/database.ts";
import { findConversation } from "../store/conversation/conversation-rows.ts";
import type { MessageKey, MessageRow } from "../store/message/message-rows.ts";
import {
  findSummary,
  insertSummary,
  listTexts,
  listUncovered,
  lockForSummary,
  summaryKind,
  type NewSummary,
  type PathSummary,
} from "../store/conversation/summary-rows.ts";

export { summaryKind, type PathSummary };

const payloadSchema = z.object({
  messageId: z.string(),
  completionId: z.string(),
  model: z.string(),
  requestedBy: z.string(),
});

type Place = Omit<MessageKey, "id">;

/** A branch whose beginning is to be summarised. */
export interface SummaryOrder extends Place {
  readonly completionId: string;
  readonly model: string;
  readonly requestedBy: string;
  /** The newest summary on it. */
  readonly base: SummaryBase | null;
  /** The messages after that, oldest first, as far as a summary is wanted. */
  readonly ids: readonly string[];
}

export interface SummaryBase extends PathSummary {
  /** The last message that it stands for. */
  readonly id: string;
}

const readBase = async (database: Database, place: Place, id: string | undefined): Promise<SummaryBase | null> => {
  const found = id === undefined ? undefined : await findSummary(database, { ...place, id });
  return id === undefined || found === undefined ? null : { ...found, id };
};

/** What a job has to summarise; `ids` is empty when that has been done, or when there is no such conversation any more. */
export const readSummaryOrder = async (
  database: Database,
  { workspaceId, subject, payload }: { workspaceId: string; subject: string; payload: unknown },
): Promise<SummaryOrder> => {
  const { messageId, ...order } = payloadSchema.parse(payload);
  const place = { workspaceId, conversationId: subject };
  const conversation = await findConversation(database, workspaceId, subject);
  if (conversation === undefined || conversation.deleted_at !== null)
    return { ...place, ...order, base: null, ids: [] };
  const path = await listUncovered(database, { ...place, leafId: messageId });
  const base = await readBase(database, place, path.find((row) => row.is_covered)?.id);
  return { ...place, ...order, base, ids: path.flatMap((row) => (row.is_covered ? [] : [row.id])) };
};

export type SummarisedMessage = Pick<MessageRow, "id" | "role" | "parts">;

/** These messages, in their order; what is deleted is left out. */
export const readSummarised = (
  database: Database,
  place: Place,
  ids: readonly string[],
): Promise<SummarisedMessage[]> => listTexts(database, place, ids);

/** A summary that was made. */
export interface MadeSummary {
  /** The last message that it stands for. */
  readonly id: string;
  readonly summary: NewSummary;
  /** The messages that it was made of, besides the summary before it. */
  readonly from: readonly string[];
}

/** Stores a summary. False: a message that it was made of was deleted meanwhile, or the conversation, so that it may not be kept. */
export const storeSummary = (
  database: Database,
  { workspaceId, conversationId, base }: Pick<SummaryOrder, "workspaceId" | "conversationId" | "base">,
  { id, summary, from }: MadeSummary,
): Promise<boolean> =>
  database.transaction(async () => {
    const place = { workspaceId, conversationId };
    if (!(await lockForSummary(database, place))) return false;
    return insertSummary(database, { ...place, id }, summary, { ids: from, base: base?.id ?? null });
  });
