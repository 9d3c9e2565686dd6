import type { Part } from "../../protocol/message/chunk.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import type { Client } from "../client.ts";
import type { Change } from "./conversation-changes.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { isSame } from "./is-same.ts";

const endings: ReadonlySet<ToolExecution["status"]> = new Set(["completed", "failed", "cancelled"]);

const hasEnded = ({ status }: ToolExecution): boolean => endings.has(status);

/** One that was read before another, and comes after it. */
const isBehind = (next: ToolExecution, known: ToolExecution): boolean =>
  next.round < known.round || (next.round === known.round && hasEnded(known) && !hasEnded(next));

/** What the server told of calls in the background; what did not change stays the same object. */
export const receiveExecutions =
  (told: readonly ToolExecution[]): Change =>
  (state) => {
    const known = new Map(state.executions.map((execution) => [execution.id, execution]));
    const news = told.filter((next) => {
      const before = known.get(next.id);
      return before === undefined || (!isSame(before, next) && !isBehind(next, before));
    });
    if (news.length === 0) return state;
    for (const next of news) known.set(next.id, next);
    return {
      ...state,
      executions: [...known.values()].toSorted((left, right) => right.createdAt.localeCompare(left.createdAt)),
    };
  };

const isPending = (part: Part): boolean =>
  isToolPart(part) &&
  part.state === "output-available" &&
  typeof part.output === "object" &&
  part.output !== null &&
  "status" in part.output &&
  part.output.status === "pending";

const callIdsOf = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => (isToolPart(part) && isPending(part) ? [part.toolCallId] : []));

/** Whether something went to the background of which this device does not know how it ended. */
export const isMissingExecutions = ({ tree, live, executions }: ConversationState): boolean => {
  const ended = new Set(executions.filter(hasEnded).map(({ callId }) => callId));
  const parts = [...[...tree.messages.values()].map((message) => message.parts), live?.parts ?? []];
  return parts.flatMap(callIdsOf).some((callId) => !ended.has(callId)) || executions.some((one) => !hasEnded(one));
};

export interface ExecutionHost {
  readonly state: ConversationState;
  update(change: Change): void;
}

/** Reads what became of the calls in the background, if there is something to know. */
export const readExecutions = async (client: Client, host: ExecutionHost): Promise<void> => {
  if (!isMissingExecutions(host.state)) return;
  host.update(receiveExecutions((await client.toolExecutions.list(host.state.conversationId)).data));
};

/** What a person does about calls in the background. */
export const executionChanges = (
  host: ExecutionHost,
  { toolExecutions }: Client,
): Pick<ConversationStore, "cancelTool" | "retryTool"> => ({
  cancelTool: async (id) => host.update(receiveExecutions([await toolExecutions.cancel(id)])),
  retryTool: async (id) => host.update(receiveExecutions([await toolExecutions.retry(id)])),
});
