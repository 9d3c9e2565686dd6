import type { Approval } from "../../protocol/approval.ts";
import type { AlwaysAllowed, ClientResult, OpenQuestionsOf } from "../../protocol/question.ts";
import type { Completion } from "../../protocol/resources.ts";
import type { DecideBody } from "./bodies.ts";
import { conversationPath } from "./conversation-calls.ts";
import type { Requester } from "../requests/requester.ts";

/** What answers wait for: decisions of persons, and results of tools that run with them. */
export const questionCalls = ({ json, response }: Requester) => ({
  /** What the answer of a conversation waits for now. */
  list: (conversationId: string): Promise<OpenQuestionsOf> => json(`${conversationPath(conversationId)}/questions`),
  /** What was allowed for the rest of a conversation and was not taken back. */
  alwaysAllowed: (conversationId: string): Promise<AlwaysAllowed> =>
    json(`${conversationPath(conversationId)}/always-allowed`),
  /** Decides once; the same decision again changes nothing. */
  decide: (approvalId: string, body: DecideBody): Promise<Approval> =>
    json(`/v1/approvals/${encodeURIComponent(approvalId)}`, { body }),
  /** Takes an `always` back: later calls of its tool are asked for again. */
  revoke: async (approvalId: string): Promise<void> =>
    void (await response(`/v1/approvals/${encodeURIComponent(approvalId)}`, { method: "DELETE" })),
  /** Gives the one result of a client tool's call. */
  answer: (toolExecutionId: string, result: ClientResult): Promise<Completion> =>
    json(`/v1/tool-executions/${encodeURIComponent(toolExecutionId)}/result`, { body: result }),
});
