import { publishHint } from "../../completions/hints.ts";
import { usualBackgroundPerUser } from "../../protocol/tool-execution.ts";
import type { ToolCall, ToolOutcome } from "../../protocol/agent/tool.ts";
import { startExecution, type ExecutionOrigin } from "../../tools/background/start-execution.ts";
import { ClaimLost } from "../claim/claim-lost.ts";
import { persist } from "../claim/persist.ts";
import type { TurnOptions } from "../turn.ts";

export interface BackgroundCall extends Pick<ExecutionOrigin, "permission"> {
  readonly step: number;
  readonly call: ToolCall;
}

/** Leaves a call to the background: what the model is told at once is recorded together with the job that does it. */
export const runBackground = async (
  { dependencies, claim, signal }: TurnOptions,
  { step, call, permission }: BackgroundCall,
): Promise<ToolOutcome> => {
  const { database, signals, backgroundPerUser: perUser = usualBackgroundPerUser } = dependencies;
  const { workspaceId, conversationId, messageId, userId, agent } = claim;
  const origin = { conversationId, messageId, userId, agent, perUser, permission };
  const started = await persist(dependencies, signal, "background.start", () =>
    startExecution(database, { claim, step, call }, origin),
  );
  if (started === null) throw new ClaimLost("background start");
  const { outcome, execution } = started;
  if (execution !== null) {
    publishHint(signals, execution.revision, { kind: "tool-execution", id: execution.id });
    signals.publish("background", JSON.stringify({ workspaceId, id: execution.id }));
  }
  return outcome;
};
