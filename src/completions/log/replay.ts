import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import { endingChunks, startChunk, type Chunk, type Ending } from "../../protocol/message/chunk.ts";
import { unfold } from "../../protocol/message/unfold.ts";
import { findCompletion, type CompletionRow } from "../../store/completion/completion-rows.ts";
import { findMessage, type MessageRow } from "../../store/message/message-rows.ts";

/** A completion told from its rows alone. */
export interface Replay {
  readonly messageId: string;
  readonly conversationId: string;
  /** How it ended; null while it has not. */
  readonly ending: Ending | null;
  /** Whether it waits for a person or a client: nobody writes its log then. */
  readonly isWaiting: boolean;
  readonly start: Chunk;
  /** `start`, what the message row holds, and the ending if there is one. */
  readonly chunks: readonly Chunk[];
}

export const startOf = (row: CompletionRow, sequence: number): Chunk =>
  startChunk(row.message_id, {
    conversationId: row.conversation_id,
    completionId: row.id,
    userMessageId: row.user_message_id,
    sequence,
  });

const isFinishReason = (
  text: string | null,
): text is "stop" | "length" | "content-filter" | "tool-calls" | "error" | "other" =>
  text !== null && ["stop", "length", "content-filter", "tool-calls", "error", "other"].includes(text);

/** How the row says that it ended; null while it has not. */
const endingOf = (row: CompletionRow): Ending | null => {
  switch (row.status) {
    case "completed":
      return { status: "completed", finishReason: isFinishReason(row.finish_reason) ? row.finish_reason : "other" };
    case "cancelled":
      return { status: "cancelled" };
    case "failed":
      return { status: "failed", message: row.error?.message ?? "The answer failed; try again." };
    default:
      return null;
  }
};

/** What the message row holds; the last step of one that waits is open. */
const saidOf = (row: CompletionRow, message: MessageRow): Chunk[] => {
  const said = unfold(message.parts);
  return row.status === "waiting" && said.at(-1)?.type === "finish-step" ? said.slice(0, -1) : said;
};

const tell = (row: CompletionRow, message: MessageRow): Replay => {
  const start = startOf(row, message.sequence);
  const ending = endingOf(row);
  return {
    messageId: row.message_id,
    conversationId: row.conversation_id,
    ending,
    isWaiting: row.status === "waiting",
    start,
    chunks: [start, ...saidOf(row, message), ...(ending === null ? [] : endingChunks(ending))],
  };
};

/** Null when there is no such completion. */
export const replay = async (database: Database, key: CompletionKey): Promise<Replay | null> => {
  const row = await findCompletion(database, key);
  if (row === undefined) return null;
  const message = await findMessage(database, row.workspace_id, row.conversation_id, row.message_id);
  return message === undefined ? null : tell(row, message);
};
