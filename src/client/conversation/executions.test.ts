import { expect, test } from "vitest";
import type { Message } from "../../protocol/resources.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import { receiveMessages } from "./conversation-changes.ts";
import { createConversationState } from "./conversation-state.ts";
import { isMissingExecutions, receiveExecutions } from "./executions.ts";

const execution = (id: string, change: Partial<ToolExecution> = {}): ToolExecution => ({
  id,
  conversationId: "conversation-1",
  completionId: "completion-1",
  messageId: "message-1",
  callId: `call-${id}`,
  tool: "timer",
  input: {},
  status: "running",
  attempts: 1,
  round: 1,
  progress: null,
  outcome: null,
  createdAt: `2026-01-01T00:00:0${id}.000Z`,
  startedAt: null,
  finishedAt: null,
  ...change,
});

const empty = createConversationState("conversation-1", "ready");
const answer = (callId: string, output: unknown): Message =>
  ({
    id: `m-${callId}`,
    parentId: null,
    sequence: 1,
    role: "assistant",
    parts: [{ type: "tool-timer", toolCallId: callId, state: "output-available", input: {}, output }],
    completion: null,
  }) as unknown as Message;

test("B7 calls in the background are kept newest first, and what was read late changes nothing", () => {
  const state = receiveExecutions([execution("1"), execution("2")])(empty);
  expect(state.executions.map(({ id }) => id)).toEqual(["2", "1"]);
  expect(receiveExecutions([execution("1")])(state)).toBe(state);
  const ended = receiveExecutions([execution("1", { status: "failed" })])(state);
  expect(receiveExecutions([execution("1")])(ended)).toBe(ended);
  const again = receiveExecutions([execution("1", { round: 2 })])(ended);
  expect(again.executions[1]).toMatchObject({ status: "running", round: 2 });
  expect(receiveExecutions([execution("1", { status: "failed" })])(again)).toBe(again);
});

test("B7 they are read only where something went to the background whose end is not known", () => {
  const withAnswer = (output: unknown) => receiveMessages([answer("call-1", output)], 0)(empty);
  expect(isMissingExecutions(withAnswer(5))).toBe(false);
  expect(isMissingExecutions(withAnswer({ status: "pending", note: "" }))).toBe(true);
  const known = receiveExecutions([execution("1")])(withAnswer({ status: "pending", note: "" }));
  expect(isMissingExecutions(known)).toBe(true);
  expect(isMissingExecutions(receiveExecutions([execution("1", { status: "completed" })])(known))).toBe(false);
});
