import { isAllowed, type CallApproval } from "../protocol/approval.ts";
import type { Chunk, Part } from "../protocol/message/chunk.ts";
import { isToolPart, toolIdentity } from "../protocol/message/fold.ts";
import type { ToolResult } from "../protocol/agent/tool.ts";
import { errorTextOf, outputOf } from "./results.ts";

type ToolPart = Extract<Part, { type: `tool-${string}` }>;

/** The chunk that shows a result. */
export const resultChunk = ({ callId, outcome }: ToolResult): Chunk => {
  if (outcome.type === "denied") return { type: "tool-output-denied", toolCallId: callId };
  const errorText = errorTextOf(outcome);
  return errorText === null
    ? { type: "tool-output-available", toolCallId: callId, output: outputOf(outcome) }
    : { type: "tool-output-error", toolCallId: callId, errorText };
};

/** The chunk that shows that a person is asked. */
export const requestChunk = ({ id, callId }: CallApproval): Chunk => ({
  type: "tool-approval-request",
  approvalId: id,
  toolCallId: callId,
});

/** Told for a decision that came without words. */
const unspoken = { expired: "Nobody decided in time." } as const;

/** The words that came with a decision, or stand for it. */
export const reasonOf = ({ decision, reason }: CallApproval): string | null =>
  reason ?? (decision === "expired" ? unspoken.expired : null);

/** The chunk that shows a decision. */
export const responseChunk = (approval: CallApproval): Chunk => {
  const reason = reasonOf(approval);
  return {
    type: "tool-approval-response",
    approvalId: approval.id,
    approved: isAllowed(approval.decision),
    ...(reason === null ? {} : { reason }),
  };
};

const askedPart = (part: ToolPart, approval: CallApproval): ToolPart => {
  const identity = toolIdentity(part);
  const { id, decision } = approval;
  if (decision === null) return { ...identity, state: "approval-requested", approval: { id } };
  const reason = reasonOf(approval);
  const decided = { id, approved: isAllowed(decision), ...(reason === null ? {} : { reason }) };
  return { ...identity, state: "approval-responded", approval: decided };
};

const answeredPart = (part: ToolPart, { outcome }: ToolResult, approval: CallApproval | undefined): ToolPart => {
  const identity = toolIdentity(part);
  if (outcome.type === "denied") {
    const reason = outcome.reason === null ? {} : { reason: outcome.reason };
    const id = approval?.id ?? part.toolCallId;
    return { ...identity, state: "output-denied", approval: { id, approved: false, ...reason } };
  }
  const reason = approval?.reason ?? null;
  const approved = { approved: true, ...(reason === null ? {} : { reason }) } as const;
  const allowed = approval === undefined ? {} : { approval: { id: approval.id, ...approved } };
  const errorText = errorTextOf(outcome);
  return errorText === null
    ? { ...identity, ...allowed, state: "output-available", output: outputOf(outcome) }
    : { ...identity, ...allowed, state: "output-error", errorText };
};

/** Parts of a step with what is recorded of the calls they belong to: questions, decisions, results. */
export const answeredParts = (
  parts: readonly Part[],
  results: readonly ToolResult[],
  approvals: readonly CallApproval[] = [],
): Part[] =>
  parts.map((part) => {
    if (!isToolPart(part)) return part;
    const result = results.find(({ callId }) => callId === part.toolCallId);
    const approval = approvals.find(({ callId }) => callId === part.toolCallId);
    if (result !== undefined) return answeredPart(part, result, approval);
    return approval === undefined ? part : askedPart(part, approval);
  });
