import type { Chunk } from "../../protocol/message/chunk.ts";
import type { Decided } from "../../protocol/agent/framework-kit.ts";
import type { ToolCall } from "../../protocol/agent/tool.ts";
import type { Turn } from "../../protocol/agent/turn.ts";
import type { PendingInterrupt } from "./pending-interrupts.ts";

/** What `interrupt()` returns in the graph when a person has decided. */
export interface InterruptAnswer {
  readonly approved: boolean;
  readonly reason: string | null;
}

/** Answers by the id of the interrupt; null: somebody has still to decide. */
export type InterruptAnswers = ReadonlyMap<string, InterruptAnswer> | null;

type Emit = (chunks: readonly Chunk[]) => void;

/** An interrupt is shown as a call of a tool of that name, so that it can be approved like one. */
const callOf = ({ id, number, value }: PendingInterrupt): ToolCall => ({
  callId: `interrupt-${id}-${number}`,
  tool: "interrupt",
  input: value ?? null,
});

const showDecision = ({ callId }: ToolCall, { isAllowed, reason }: Decided): Chunk =>
  isAllowed
    ? { type: "tool-output-available", toolCallId: callId, output: { approved: true, reason } }
    : { type: "tool-output-denied", toolCallId: callId };

/**
 * Asks a person about what a graph waits for. After a take-over, `isLive` false: what nobody was asked about belongs to a
 * node that was answered and did not come to its end; it begins again first.
 */
export const askInterrupts = async (
  turn: Turn,
  pending: readonly PendingInterrupt[],
  emit: Emit,
  isLive: boolean,
): Promise<InterruptAnswers> => {
  const answers = new Map<string, InterruptAnswer>();
  let isWaiting = isLive && pending.some(({ isOwn }) => isOwn);
  for (const interrupt of pending.filter(({ isOwn }) => !isOwn)) {
    const call = callOf(interrupt);
    if (!isLive && !turn.kit.wasAsked(call.callId)) continue;
    if (isLive)
      emit([{ type: "tool-input-available", toolCallId: call.callId, toolName: call.tool, input: call.input }]);
    const decided = await turn.kit.ask(call);
    if (decided === null) isWaiting = true;
    else {
      answers.set(interrupt.id, { approved: decided.isAllowed, reason: decided.reason });
      emit([showDecision(call, decided)]);
    }
  }
  return isWaiting ? null : answers;
};
