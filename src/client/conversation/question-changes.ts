import type { Client } from "../client.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { RequestError } from "../requests/request-error.ts";

interface QuestionHost {
  readonly conversationId: string;
}

/** What a person answers to what an answer waits for. What comes of it is heard by the answer itself. */
export const questionChanges = (
  { conversationId }: QuestionHost,
  { questions }: Client,
): Pick<ConversationStore, "decide" | "answerTool"> => ({
  decide: async (approvalId, decision, reason) =>
    void (await questions.decide(approvalId, reason === undefined ? { decision } : { decision, reason })),
  answerTool: async (callId, result) => {
    const { clientCalls } = await questions.list(conversationId);
    const call = clientCalls.find((open) => open.callId === callId);
    if (call === undefined) throw new RequestError("conflict", "This is not asked any more.", { status: 409 });
    await questions.answer(call.id, result);
  },
});
