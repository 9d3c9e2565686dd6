import type { UIMessageChunk, UIMessagePart, UIDataTypes, UITools, FinishReason } from "ai";

/** One chunk of a completion, as AI SDK 7 defines it (`UIMessageChunk`). */
export type Chunk = UIMessageChunk;

/** One part of a message, as AI SDK 7 defines it (`UIMessagePart`). */
export type Part = UIMessagePart<UIDataTypes, UITools>;

export type { FinishReason };

/** What `start` tells a viewer of the completion it belongs to. */
export interface StartMetadata {
  readonly conversationId: string;
  readonly completionId: string;
  readonly userMessageId: string | null;
  /** Sequence number of the assistant message. */
  readonly sequence: number;
}

/** Position 1 of every log: a pure function of the rows, so that any node can say it before a worker has. */
export const startChunk = (messageId: string, metadata: StartMetadata): Chunk => ({
  type: "start",
  messageId,
  messageMetadata: metadata,
});

/** How a completion's log ends; always last. */
export type Ending =
  | { readonly status: "completed"; readonly finishReason: FinishReason }
  | { readonly status: "cancelled" }
  | { readonly status: "failed"; readonly message: string };

/** The chunks of an ending. A cancelled one adds `finish` because useChat sends again after a bare `abort`. */
export const endingChunks = (ending: Ending): Chunk[] => {
  switch (ending.status) {
    case "completed":
      return [{ type: "finish", finishReason: ending.finishReason }];
    case "cancelled":
      return [{ type: "abort" }, { type: "finish", finishReason: "interrupted" }];
    case "failed":
      return [{ type: "error", errorText: ending.message }];
  }
};
