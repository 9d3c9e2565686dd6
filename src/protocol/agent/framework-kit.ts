import type { CheckpointStore } from "./checkpoint.ts";
import type { ModelCall, ModelEnd, ModelEvent, Usage } from "./model.ts";
import type { ToolCall, ToolResult } from "./tool.ts";

/** What a person decided of a call. */
export interface Decided {
  readonly isAllowed: boolean;
  /** The words that came with it. */
  readonly reason: string | null;
}

/** What a framework borrows that calls models and tools, and shows what they say, by itself. */
export interface FrameworkKit {
  /** True: an earlier claim has begun this answer, and its runner may go on from its checkpoints. */
  readonly isResumed: boolean;
  /** Calls a model of the registry with ledger, middleware and budgets, and shows nothing of it. */
  callModel(call: ModelCall, signal: AbortSignal, sink: (events: readonly ModelEvent[]) => void): Promise<ModelEnd>;
  /**
   * Runs a call of one of the agent's tools, at most once per call id, and shows nothing of its result. Null: a person or
   * a client is asked first; end with `waiting`, and call again when the answer goes on.
   */
  callTool(call: ToolCall): Promise<ToolResult | null>;
  /**
   * Asks a person whether a call of the framework's own may run, once per call id, bound to its exact input; the call has
   * to be shown. Without a decision (null) end with `waiting`: the answer goes on when somebody has decided.
   */
  ask(call: ToolCall): Promise<Decided | null>;
  /** Whether an earlier claim has asked about the call. */
  wasAsked(callId: string): boolean;
  /** Enters what models of the framework's own have used. `model`: `<provider id>/<model id>`, for the price. */
  report(usage: Usage, model?: string): Promise<void>;
  readonly checkpoints: CheckpointStore;
}
