import type { Claim } from "../completions/claim.ts";
import type { Part } from "../protocol/message/chunk.ts";
import type { ModelCall, ModelEnd, Usage } from "../protocol/agent/model.ts";
import type { ToolCall, CallOutcome } from "../protocol/agent/tool.ts";

/** How the work on a claim ended. `lost`: another worker has it; `broken`: its lease will run out first. */
export type ClaimEnd =
  | { readonly status: "completed" | "cancelled" | "waiting" | "handed-over" | "lost" }
  | { readonly status: "failed"; readonly code: string; readonly message: string }
  | { readonly status: "broken"; readonly thrown: unknown };

/** How a model call ended. `stopped`: by a cancel, a hand-over, or a lost claim. */
export type ModelCallEnd =
  | { readonly status: "done"; readonly end: ModelEnd; readonly usage: Usage; readonly parts: readonly Part[] }
  | { readonly status: "stopped" }
  | { readonly status: "failed"; readonly thrown: unknown };

/** How a tool call ended. `waiting`: with a question to a person or a client. */
export type ToolCallEnd =
  | { readonly status: "done"; readonly outcome: CallOutcome }
  | { readonly status: "waiting" | "stopped" }
  | { readonly status: "failed"; readonly thrown: unknown };

/** Told of one model call; never per token. */
export interface ModelCallObserver {
  /** The model has said its first thing. */
  hear(): void;
  end(end: ModelCallEnd): void;
}

/** Told of one claim. */
export interface ClaimObserver {
  beginModel(call: ModelCall, step: number): ModelCallObserver;
  /** `isKnown`: the agent has a tool of that name. Answers who wants to know the end. */
  beginTool(call: ToolCall, isKnown: boolean): (end: ToolCallEnd) => void;
  /** Called once. What ended for good is committed by then. */
  end(end: ClaimEnd): void;
}

/** What a worker tells of its work, for metrics and traces. */
export interface EngineObserver {
  begin(claim: Claim): ClaimObserver;
}

const ignore = (): void => {};

const silentCall: ModelCallObserver = { hear: ignore, end: ignore };
export const silentClaim: ClaimObserver = { beginModel: () => silentCall, beginTool: () => ignore, end: ignore };

export const silentObserver: EngineObserver = { begin: () => silentClaim };

/** The same, whose end is told once, the first time. */
export const endingOnce = (observer: ClaimObserver): ClaimObserver => {
  let hasEnded = false;
  return {
    beginModel: (call, step) => observer.beginModel(call, step),
    beginTool: (call, isKnown) => observer.beginTool(call, isKnown),
    end(end) {
      if (!hasEnded) observer.end(end);
      hasEnded = true;
    },
  };
};

const callsTogether = (calls: readonly ModelCallObserver[]): ModelCallObserver => ({
  hear() {
    for (const call of calls) call.hear();
  },
  end(end) {
    for (const call of calls) call.end(end);
  },
});

/** Tells all of them, in their order. */
export const observeTogether = (observers: readonly EngineObserver[]): EngineObserver => ({
  begin(claim) {
    const claims = observers.map((observer) => observer.begin(claim));
    return {
      beginModel: (call, step) => callsTogether(claims.map((each) => each.beginModel(call, step))),
      beginTool(call, isKnown) {
        const ends = claims.map((each) => each.beginTool(call, isKnown));
        return (end) => {
          for (const tell of ends) tell(end);
        };
      },
      end(end) {
        for (const each of claims) each.end(end);
      },
    };
  },
});
