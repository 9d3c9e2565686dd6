import type { CallApproval } from "../../protocol/approval.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import type {
  CallOutcome,
  ClientTool,
  InlineTool,
  Tool,
  ToolCall,
  ToolContext,
  ToolResult,
} from "../../protocol/agent/tool.ts";
import { requestChunk, resultChunk } from "../../tools/answered-parts.ts";
import { chunksOfResult } from "../../tools/shown-artifacts.ts";
import { recordClientCall } from "../../tools/client-calls.ts";
import {
  checkInput,
  outcomeUnknown,
  recordToolOutcome,
  recordToolStart,
  runBody,
  type Permission,
  wasToolStarted,
} from "../../tools/execution.ts";
import { failed } from "../../tools/results.ts";
import { askPerson } from "./ask-person.ts";
import { ClaimLost, requireClaim } from "../claim/claim-lost.ts";
import { persist } from "../claim/persist.ts";
import { runBackground } from "./run-background.ts";
import type { TurnOptions } from "../turn.ts";

/** What a call waits for: a person's decision, or the result of a client. */
export type CallQuestion =
  | { readonly type: "approval"; readonly approval: CallApproval }
  | { readonly type: "client"; readonly callId: string };

/** How far a call has come: to its recorded result, or to a question that is stored. */
export type CallEnd = { readonly type: "result"; readonly result: ToolResult } | CallQuestion;

interface PreparedCall {
  readonly step: number;
  readonly call: ToolCall;
  readonly input: unknown;
  readonly context: ToolContext;
  readonly permission: Permission | undefined;
}

const notAllowed = failed("This call is not the one that was allowed, and did not run.");

const runInline = async (options: TurnOptions, tool: InlineTool, prepared: PreparedCall): Promise<CallOutcome> => {
  const { dependencies, claim, signal } = options;
  const { database, io, logger } = dependencies;
  const { step, call, input, context, permission } = prepared;
  const start = await persist(dependencies, signal, "tool.start", () =>
    recordToolStart(database, { claim, step, call }, tool, permission),
  );
  if (start === "lost") throw new ClaimLost("tool start");
  if (start === "known") return outcomeUnknown;
  if (start === "refused") return notAllowed;
  return io("tool.body", () =>
    runBody(tool, input, context, (thrown) =>
      logger.error({ ...context, abortSignal: undefined, tool: call.tool, err: thrown }, "a tool failed"),
    ),
  );
};

const askClient = async (
  { dependencies, claim, signal }: TurnOptions,
  tool: ClientTool,
  { step, call }: PreparedCall,
): Promise<CallOutcome | CallQuestion> => {
  const row = await persist(dependencies, signal, "client.ask", () =>
    recordClientCall(dependencies.database, { claim, step, call }, tool.answerWithin),
  );
  if (row === undefined) throw new ClaimLost("client call");
  return row.outcome ?? { type: "client", callId: call.callId };
};

const contextOf = ({ claim, signal, context }: TurnOptions, { callId }: ToolCall): ToolContext => ({
  workspaceId: claim.workspaceId,
  conversationId: claim.conversationId,
  completionId: claim.completionId,
  userId: claim.userId,
  callId,
  idempotencyKey: `${claim.completionId}:${callId}`,
  abortSignal: signal,
  context,
});

const findTool = ({ agent }: TurnOptions, { tool }: ToolCall): Tool | undefined =>
  Object.hasOwn(agent.tools, tool) ? agent.tools[tool] : undefined;

/** A tool that is gone, with its MCP server or by a new configuration, may have been at work when it went. */
const withoutTool = async ({ dependencies, claim }: TurnOptions, call: ToolCall): Promise<CallOutcome> =>
  claim.isTakeOver && (await wasToolStarted(dependencies.database, claim, call))
    ? outcomeUnknown
    : failed(`There is no tool called "${call.tool}".`);

const run = async (options: TurnOptions, step: number, call: ToolCall): Promise<CallOutcome | CallQuestion> => {
  const tool = findTool(options, call);
  if (tool === undefined) return withoutTool(options, call);
  const checked = await checkInput(tool, call);
  if ("refused" in checked) return checked.refused;
  const context = contextOf(options, call);
  const answer = await askPerson(options, { tool, call, input: checked.value, context });
  if (answer.type === "open") return { type: "approval", approval: answer.approval };
  if (answer.type === "denied") return answer.outcome;
  const prepared = { step, call, input: checked.value, context, permission: answer.permission };
  switch (tool.kind) {
    case "inline":
      return runInline(options, tool, prepared);
    case "client":
      return askClient(options, tool, prepared);
    case "background":
      return runBackground(options, prepared);
  }
};

const isQuestion = (end: CallOutcome | CallQuestion): end is CallQuestion =>
  end.type === "approval" || end.type === "client";

const observedRun = async (options: TurnOptions, step: number, call: ToolCall): Promise<CallOutcome | CallQuestion> => {
  const { observer, signal } = options;
  const end = observer.beginTool(call, findTool(options, call) !== undefined);
  try {
    const outcome = await run(options, step, call);
    signal.throwIfAborted();
    end(isQuestion(outcome) ? { status: "waiting" } : { status: "done", outcome });
    return outcome;
  } catch (thrown) {
    end(signal.aborted ? { status: "stopped" } : { status: "failed", thrown });
    throw thrown;
  }
};

/** Brings one call to its recorded result, or to a stored question: at most one start of its body (promise 5). Shows nothing. */
export const recordCall = async (options: TurnOptions, step: number, call: ToolCall): Promise<CallEnd> => {
  const { dependencies, claim, signal } = options;
  const outcome = await observedRun(options, step, call);
  if (isQuestion(outcome)) return outcome;
  const isRecorded = await persist(dependencies, signal, "tool.result", () =>
    recordToolOutcome(dependencies.database, { claim, step, call }, outcome),
  );
  requireClaim(isRecorded, "tool result");
  return { type: "result", result: { ...call, outcome } };
};

/** What shows a question that was not asked by an earlier claim. */
export const newRequest = ({ claim }: TurnOptions, end: CallQuestion): Chunk[] =>
  end.type === "approval" && !claim.approvals.some(({ id }) => id === end.approval.id)
    ? [requestChunk(end.approval)]
    : [];

/** Brings one call to its recorded result or to a stored question, and shows it: the row before the marker. */
export const executeCall = async (options: TurnOptions, step: number, call: ToolCall): Promise<CallEnd> => {
  const end = await recordCall(options, step, call);
  const { recorder } = options;
  if (end.type === "result") recorder.emit([resultChunk(end.result), ...chunksOfResult(end.result)]);
  else recorder.emit(newRequest(options, end));
  return end;
};
