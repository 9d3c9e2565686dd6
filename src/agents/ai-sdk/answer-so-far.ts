import type { Chunk, Part } from "../../protocol/message/chunk.ts";
import { isAnsweredPart, isToolPart } from "../../protocol/message/fold.ts";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import type { ToolCall, ToolResult } from "../../protocol/agent/tool.ts";
import type { StoredStep, Turn } from "../../protocol/agent/turn.ts";
import { answeredParts, resultChunk } from "../../tools/answered-parts.ts";
import { assistantMessages } from "../model-messages.ts";

type AssistantContent = Exclude<Extract<ModelMessage, { role: "assistant" }>["content"], string>;
type ToolContent = Extract<ModelMessage, { role: "tool" }>["content"];

interface Approved {
  readonly call: ToolCall;
  readonly isAllowed: boolean;
  readonly reason: string | null;
}

const pendingCalls = (parts: readonly Part[]): ToolCall[] =>
  parts
    .filter(isToolPart)
    .filter((part) => !isAnsweredPart(part))
    .map(({ toolCallId: callId, type, input }) => ({ callId, tool: type.slice("tool-".length), input }));

/** AI SDK runs a call of its own tool when it finds the request and the response; the id binds only the two. */
const approvalMessages = (approved: readonly Approved[]): ModelMessage[] => {
  if (approved.length === 0) return [];
  const calls = approved.flatMap(({ call }): AssistantContent => [
    { type: "tool-call", toolCallId: call.callId, toolName: call.tool, input: call.input },
    { type: "tool-approval-request", approvalId: call.callId, toolCallId: call.callId },
  ]);
  const responses = approved.map(({ call, isAllowed, reason }): ToolContent[number] => ({
    type: "tool-approval-response",
    approvalId: call.callId,
    approved: isAllowed,
    ...(reason === null ? {} : { reason }),
  }));
  return [
    { role: "assistant", content: calls },
    { role: "tool", content: responses },
  ];
};

/**
 * What this answer has said in its stored steps, for the agent to go on from. Calls without a result are brought to one:
 * those of the agent's tools here, others by AI SDK on the strength of what a person decided. Null: it still waits.
 */
export const answerSoFar = async (
  turn: Turn,
  emit: (chunks: readonly Chunk[]) => void,
): Promise<ModelMessage[] | null> => {
  const messages: ModelMessage[] = [];
  const approved: Approved[] = [];
  let isWaiting = false;
  const results = async ({ parts }: StoredStep): Promise<ToolResult[]> => {
    const found: ToolResult[] = [];
    for (const call of pendingCalls(parts)) {
      const isOwn = Object.hasOwn(turn.agent.tools, call.tool);
      const decided = isOwn ? null : await turn.kit.ask(call);
      const result = isOwn ? await turn.kit.callTool(call) : null;
      if (decided !== null) approved.push({ call, ...decided });
      if (result !== null) found.push(result);
      isWaiting ||= decided === null && result === null;
    }
    return found;
  };
  for (const step of turn.steps) {
    const found = await results(step);
    emit(found.map(resultChunk));
    messages.push(...assistantMessages(answeredParts(step.parts, found)));
  }
  return isWaiting ? null : [...messages, ...approvalMessages(approved)];
};
