import type { ResumeEntry } from "@ag-ui/core";
import { z } from "zod";
import type { Chunk } from "../../protocol/message/chunk.ts";
import type { Runner, Turn } from "../../protocol/agent/turn.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import type { Interrupt } from "./agent-event.ts";

type Emit = Parameters<Runner["run"]>[2];

const askedSchema = z.array(z.object({ id: z.string(), callId: z.string(), tool: z.string(), input: z.unknown() }));

/** An interrupt that a person is asked about, as the call that stands for it. */
export type AskedInterrupt = z.infer<typeof askedSchema>[number];

const place = { namespace: "ag-ui", id: "interrupts" } as const;

/** The call that an interrupt is about; one that is about none is shown as a call of its own. */
const toAsked = (turn: Turn, { id, toolCallId, reason, message, responseSchema }: Interrupt): AskedInterrupt => {
  const parts = turn.steps.flatMap((step) => step.parts.filter(isToolPart));
  const about = parts.find((part) => part.toolCallId === toolCallId);
  if (about !== undefined)
    return { id, callId: about.toolCallId, tool: about.type.slice("tool-".length), input: about.input ?? null };
  const input = { message: message ?? null, reason: reason ?? null, responseSchema: responseSchema ?? null };
  return { id, callId: `interrupt-${id}`, tool: "interrupt", input };
};

/** Stores what a run ended with, together with what it said: the answer can go on from here. */
export const keepInterrupts = async (
  turn: Turn,
  interrupts: readonly Interrupt[],
  emit: Emit,
): Promise<AskedInterrupt[]> => {
  await turn.checkpoint();
  const asked = interrupts.map((interrupt) => toAsked(turn, interrupt));
  for (const { callId, tool, input } of asked.filter(isShownByUs))
    emit([{ type: "tool-input-available", toolCallId: callId, toolName: tool, input }]);
  const state = JSON.stringify(asked);
  await turn.kit.checkpoints.save({ ...place, parentId: null, format: "json", state, metadata: "" });
  return asked;
};

const isShownByUs = ({ id, callId }: AskedInterrupt): boolean => callId === `interrupt-${id}`;

export const readInterrupts = async (turn: Turn): Promise<AskedInterrupt[]> => {
  const kept = await turn.kit.checkpoints.find(place.namespace, place.id);
  return kept === undefined ? [] : askedSchema.parse(JSON.parse(kept.state));
};

/** Asks a person about each; null: somebody has still to decide. */
export const answerInterrupts = async (
  turn: Turn,
  asked: readonly AskedInterrupt[],
  emit: Emit,
): Promise<ResumeEntry[] | null> => {
  const entries: ResumeEntry[] = [];
  for (const one of asked) {
    const { id: interruptId, callId, tool, input } = one;
    const decided = await turn.kit.ask({ callId, tool, input });
    if (decided === null) continue;
    const { isAllowed: approved, reason } = decided;
    const payload = { approved, ...(reason === null ? {} : { reason }) };
    entries.push({ interruptId, status: "resolved", payload });
    if (isShownByUs(one)) emit([decisionChunk(callId, payload)]);
  }
  return entries.length === asked.length ? entries : null;
};

const decisionChunk = (toolCallId: string, payload: { readonly approved: boolean }): Chunk =>
  payload.approved
    ? { type: "tool-output-available", toolCallId, output: payload }
    : { type: "tool-output-denied", toolCallId };

/** An agent tells of a denied call as if it had a result; a person sees that it was denied. */
export const hidingDenied = (emit: Emit, asked: readonly AskedInterrupt[], resume: readonly ResumeEntry[]): Emit => {
  const payloadSchema = z.object({ approved: z.literal(false) });
  const denied = new Set(
    resume.flatMap(({ interruptId, payload }) =>
      payloadSchema.safeParse(payload).success
        ? asked.filter(({ id }) => id === interruptId).map(({ callId }) => callId)
        : [],
    ),
  );
  return (chunks) =>
    emit(
      chunks.map((chunk) =>
        chunk.type === "tool-output-available" && denied.has(chunk.toolCallId)
          ? { type: "tool-output-denied", toolCallId: chunk.toolCallId }
          : chunk,
      ),
    );
};
