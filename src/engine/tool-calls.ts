import type { CallOutcome, ToolCall, ToolResult } from "../protocol/tool.ts";
import { resultChunk } from "../tools/answered-parts.ts";
import { checkInput, outcomeUnknown, recordToolOutcome, recordToolStart, runBody } from "../tools/execution.ts";
import { failed } from "../tools/results.ts";
import { ClaimLost, requireClaim } from "./claim-lost.ts";
import { persist } from "./persist.ts";
import type { TurnOptions } from "./turn.ts";

const run = async (options: TurnOptions, step: number, call: ToolCall): Promise<CallOutcome> => {
  const { dependencies, claim, agent, signal } = options;
  const { database, io, logger } = dependencies;
  const tool = Object.hasOwn(agent.tools, call.tool) ? agent.tools[call.tool] : undefined;
  if (tool === undefined) return failed(`There is no tool called "${call.tool}".`);
  if (tool.kind !== "inline") return failed(`"${call.tool}" can't be called here.`);
  const checked = await checkInput(tool, call);
  if ("refused" in checked) return checked.refused;
  const start = await persist(dependencies, signal, "tool.start", () =>
    recordToolStart(database, { claim, step, call }, tool),
  );
  if (start === "lost") throw new ClaimLost("tool start");
  if (start === "known") return outcomeUnknown;
  const context = {
    workspaceId: claim.workspaceId,
    conversationId: claim.conversationId,
    completionId: claim.completionId,
    userId: claim.userId,
    callId: call.callId,
    idempotencyKey: `${claim.completionId}:${call.callId}`,
    abortSignal: signal,
  };
  return io("tool.body", () =>
    runBody(tool, checked.value, context, (thrown) =>
      logger.error({ ...context, abortSignal: undefined, tool: call.tool, err: thrown }, "a tool failed"),
    ),
  );
};

const observedRun = async (options: TurnOptions, step: number, call: ToolCall): Promise<CallOutcome> => {
  const { agent, observer, signal } = options;
  const end = observer.beginTool(call, Object.hasOwn(agent.tools, call.tool));
  try {
    const outcome = await run(options, step, call);
    signal.throwIfAborted();
    end({ status: "done", outcome });
    return outcome;
  } catch (thrown) {
    end(signal.aborted ? { status: "stopped" } : { status: "failed", thrown });
    throw thrown;
  }
};

/** Runs one call to its recorded result: at most one start of its body (promise 5). */
export const recordCall = async (options: TurnOptions, step: number, call: ToolCall): Promise<ToolResult> => {
  const { dependencies, claim, signal } = options;
  const outcome = await observedRun(options, step, call);
  const isRecorded = await persist(dependencies, signal, "tool.result", () =>
    recordToolOutcome(dependencies.database, { claim, step, call }, outcome),
  );
  requireClaim(isRecorded, "tool result");
  return { ...call, outcome };
};

/** Runs one call and shows its result: the row before the marker. */
export const executeCall = async (options: TurnOptions, step: number, call: ToolCall): Promise<ToolResult> => {
  const result = await recordCall(options, step, call);
  options.recorder.emit([resultChunk(result)]);
  return result;
};
