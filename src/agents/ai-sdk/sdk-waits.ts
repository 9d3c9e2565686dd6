import { NatterError } from "../../foundation/errors.ts";
import type { ToolResult } from "../../protocol/agent/tool.ts";
import type { Turn } from "../../protocol/agent/turn.ts";

/** Calls of the agent's tools in one stream, which one of them may have to stop: somebody is asked first. */
export interface SdkWait {
  readonly stop: AbortController;
  readonly results: Set<Promise<ToolResult | null>>;
}

const waits = new WeakMap<Turn, SdkWait>();

export const beginWait = (turn: Turn): SdkWait => {
  const wait = { stop: new AbortController(), results: new Set<Promise<ToolResult | null>>() };
  waits.set(turn, wait);
  return wait;
};

/** Stops the stream that a call belongs to; the call does not end in this claim. */
export const stopForPerson = (turn: Turn): Promise<never> => {
  const wait = waits.get(turn);
  if (wait === undefined)
    throw new NatterError("unprocessable", "This call needs an answer first, and its runner can't wait.");
  wait.stop.abort();
  return new Promise(() => {});
};

export const noteCall = (turn: Turn, result: Promise<ToolResult | null>): void => {
  waits.get(turn)?.results.add(result);
};
