import type { Database } from "../ports/database.ts";
import type {
  CallOutcome,
  InlineTool,
  RunningTool,
  Tool,
  ToolCall,
  ToolContext,
  ToolOutcome,
} from "../protocol/agent/tool.ts";
import {
  hasOpenStart,
  insertToolStart,
  saveToolOutcome,
  type ClaimedCall,
  type Permission,
  type ToolStart,
} from "../store/tools/tool-execution-rows.ts";
import { failed, validationError } from "./results.ts";
import { storableOutcome } from "./storable-outcome.ts";

export type { Permission };

/** Said of a call whose body was started by a worker that died: it may or may not have done its work. */
export const outcomeUnknown = failed(
  "The outcome of this call is unknown: the server was interrupted while the tool ran. It was not started again.",
);

/** Records that a body is about to run. `known`: an earlier claim started it, and the tool may not be started again. */
export const recordToolStart = (
  database: Database,
  claimed: ClaimedCall,
  tool: InlineTool,
  permission?: Permission,
): Promise<ToolStart> => insertToolStart(database, claimed, tool.retrySafe, permission);

/** Whether an earlier claim started this call's body and recorded no result. */
export const wasToolStarted = (database: Database, claim: ClaimedCall["claim"], call: ToolCall): Promise<boolean> =>
  hasOpenStart(database, claim, call.callId);

/** Records the result of a call, once and for ever. False: the claim is lost. */
export const recordToolOutcome = (database: Database, claimed: ClaimedCall, outcome: CallOutcome): Promise<boolean> =>
  saveToolOutcome(database, claimed, outcome);

/** The model's input as the tool takes it, or the result that says why it was refused. */
export const checkInput = async (
  tool: Tool,
  call: ToolCall,
): Promise<{ readonly value: unknown } | { readonly refused: ToolOutcome }> => {
  const checked = await tool.validate(call.input);
  return "issues" in checked ? { refused: storableOutcome(validationError(checked.issues)) } : checked;
};

const abortion = (signal: AbortSignal): { readonly promise: Promise<never>; readonly stop: () => void } => {
  let stop = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    stop = () => signal.removeEventListener("abort", abort);
  });
  promise.catch(() => {});
  return { promise, stop };
};

/** How a body ended: with its result, with a throw, or not in time. */
export type BodyEnd =
  | { readonly type: "result"; readonly outcome: ToolOutcome }
  | { readonly type: "thrown"; readonly thrown: unknown }
  | { readonly type: "late" };

/** Runs a body until it ends or its time is over. Rejects only with the reason of `context.abortSignal`. */
export const tryBody = async <Context extends Pick<ToolContext, "abortSignal">>(
  tool: RunningTool<Context>,
  input: unknown,
  context: Context,
): Promise<BodyEnd> => {
  const deadline = AbortSignal.timeout(tool.timeout);
  const signal = AbortSignal.any([context.abortSignal, deadline]);
  const aborted = abortion(signal);
  try {
    context.abortSignal.throwIfAborted();
    const outcome = await Promise.race([tool.execute(input, { ...context, abortSignal: signal }), aborted.promise]);
    return { type: "result", outcome: storableOutcome(outcome) };
  } catch (thrown) {
    if (context.abortSignal.aborted) throw context.abortSignal.reason;
    return deadline.aborted ? { type: "late" } : { type: "thrown", thrown };
  } finally {
    aborted.stop();
  }
};

/** What a person and the model read of a body's end: a throw says nothing of itself. */
export const outcomeOf = (end: BodyEnd, { timeout }: Pick<RunningTool<ToolContext>, "timeout">): ToolOutcome => {
  switch (end.type) {
    case "result":
      return end.outcome;
    case "thrown":
      return failed("The tool failed.");
    case "late":
      return failed(`The tool did not answer within ${timeout / 1000} s.`);
  }
};

/**
 * Runs a body to its result: a throw becomes a safe failure (told to `onThrow`), a body that takes too long is given up,
 * a result that can't be stored is refused. Rejects only with the reason of `context.abortSignal`.
 */
export const runBody = async (
  tool: InlineTool,
  input: unknown,
  context: ToolContext,
  onThrow: (thrown: unknown) => void,
): Promise<ToolOutcome> => {
  const end = await tryBody(tool, input, context);
  if (end.type === "thrown") onThrow(end.thrown);
  return outcomeOf(end, tool);
};
