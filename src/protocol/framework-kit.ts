import type { CheckpointStore } from "./checkpoint.ts";
import type { ModelCall, ModelEnd, ModelEvent, Usage } from "./model.ts";
import type { ToolCall, ToolResult } from "./tool.ts";

/** What a framework borrows that calls models and tools, and shows what they say, by itself. */
export interface FrameworkKit {
  /** True: an earlier claim has begun this answer, and its runner may go on from its checkpoints. */
  readonly isResumed: boolean;
  /** Calls a model of the registry with ledger, middleware and budgets, and shows nothing of it. */
  callModel(call: ModelCall, signal: AbortSignal, sink: (events: readonly ModelEvent[]) => void): Promise<ModelEnd>;
  /** Runs a call of one of the agent's tools, at most once per call id, and shows nothing of it. */
  callTool(call: ToolCall): Promise<ToolResult>;
  /** Enters what models of the framework's own have used. `model`: `<provider id>/<model id>`, for the price. */
  report(usage: Usage, model?: string): Promise<void>;
  readonly checkpoints: CheckpointStore;
}
