import type { ResumeEntry, RunAgentInput } from "@ag-ui/core";
import type { Turn } from "../../protocol/agent/turn.ts";
import { answerMessages, runMessages } from "./run-messages.ts";

/**
 * The request of a run: the conversation is the thread, and each run of an answer has an id of its own. What was said to
 * the agent of itself goes as context: most servers keep instructions to themselves.
 */
export const runInput = (
  { completion, instructions, messages, steps }: Turn,
  resume: readonly ResumeEntry[],
): RunAgentInput => ({
  threadId: completion.conversationId,
  runId: steps.length === 0 ? completion.id : `${completion.id}-${steps.length}`,
  protocolVersion: "1.0",
  messages: [...runMessages(messages), ...answerMessages(steps)],
  tools: [],
  context:
    instructions === undefined ? [] : [{ description: "Instructions for this conversation", value: instructions }],
  state: {},
  forwardedProps: {},
  ...(resume.length === 0 ? {} : { resume: [...resume] }),
});
