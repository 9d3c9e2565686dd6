import type { NatterError } from "../../foundation/errors.ts";
import type { Agent } from "./agent.ts";
import type { Chunk, FinishReason, Part } from "../message/chunk.ts";
import type { FrameworkKit } from "./framework-kit.ts";
import type { ModelCall, ModelEnd, ModelMessage } from "./model.ts";
import type { RunnerCapabilities } from "./runner-capabilities.ts";
import type { Settings } from "../settings.ts";
import type { ToolCall, ToolResult } from "./tool.ts";

/** A finished model call of this completion, and what is recorded of the calls it asked for. */
export interface StoredStep {
  /** 1, 2, 3 … within the completion. */
  readonly step: number;
  /** What the model said, as parts without the leading `step-start`; tool parts are in state `input-available`. */
  readonly parts: readonly Part[];
  readonly calls: readonly ToolCall[];
  readonly results: readonly ToolResult[];
  readonly end: ModelEnd;
}

/** What a runner may know of the completion it drives. */
export interface TurnCompletion {
  readonly id: string;
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly userId: string;
  /** The API key that asked; absent: none of Natter's. */
  readonly keyId?: string;
  /** A stored message is answered once more. */
  readonly isRepeated?: true;
  /** `<provider id>/<model id>`. */
  readonly model: string;
}

/** One claim of a completion, as its runner sees it. */
export interface Turn {
  readonly completion: TurnCompletion;
  readonly agent: Agent;
  readonly instructions: string | undefined;
  /** The window of the branch, oldest first, ending with the user's message. */
  readonly messages: readonly ModelMessage[];
  readonly settings: Settings;
  /** Every step whose model call is done: those of earlier claims (a crash, a wait) at first, then those that `model` adds; `execute` adds their results. */
  readonly steps: readonly StoredStep[];
  /** Calls a model: opens its ledger entry, emits its chunks, and resolves after *model done* is committed. */
  model(call: ModelCall): Promise<ModelEnd & { readonly calls: readonly ToolCall[] }>;
  /** Runs calls, each at most once; resolves when each result is committed and emitted. Calls that have a result already return it. */
  execute(calls: readonly ToolCall[]): Promise<{ readonly waiting: boolean; readonly results: readonly ToolResult[] }>;
  /** For runners that emit by themselves: stores what was emitted so far, as a finished step. */
  checkpoint(): Promise<void>;
  /** For runners that call models and tools by themselves. */
  readonly kit: FrameworkKit;
}

export type TurnEnd =
  | { readonly status: "completed"; readonly finishReason: FinishReason }
  | { readonly status: "waiting" }
  | { readonly status: "failed"; readonly error: NatterError };

/**
 * The framework that drives an agent. `emit` is for runners that do not call `turn.model`: it takes chunks of AI SDK 7,
 * steps included; `start`, `finish`, `abort` and `error` are the engine's own, and what is no chunk is dropped.
 */
export interface Runner {
  readonly name: string;
  /** Default: those of a runner that can't go on after a crash. */
  readonly capabilities?: RunnerCapabilities;
  run(turn: Turn, signal: AbortSignal, emit: (chunks: readonly Chunk[]) => void): Promise<TurnEnd>;
}
