import type { PriceOf } from "../completions/money/bill.ts";
import type { BudgetPolicy } from "../completions/money/budgets.ts";
import type { AttachmentReader } from "../conversations/files/attachment-reader.ts";
import type { Io } from "../foundation/io.ts";
import type { Logger } from "../foundation/logger.ts";
import type { Pipeline } from "../middleware/pipeline.ts";
import type { ChunkLog } from "../ports/chunk-log.ts";
import type { Database } from "../ports/database.ts";
import type { Queue } from "../ports/queue.ts";
import type { Signals } from "../ports/signals.ts";
import type { AgentDirectory } from "../protocol/agent/agent.ts";
import type { ModelDriver, ModelInfo } from "../protocol/agent/model.ts";
import type { ContextSource } from "../tools/context-source.ts";
import type { FlushClock } from "./log/flush-clock.ts";
import type { EngineObserver } from "./observer.ts";

/** What the engine asks of the catalogue of models. */
export interface EngineModels {
  /** The driver of a canonical model id; throws a NatterError when its provider is not configured any more. */
  driver(model: string): ModelDriver;
  priceOf: PriceOf;
  /** Tokens that fit into the model's context, and that it can answer with; null when that is not known. */
  describe(model: string): Pick<ModelInfo, "contextTokens" | "maxOutputTokens">;
  /** Whether a model reads files of this media type. */
  takesFile(model: string, mediaType: string): boolean;
  /** The budgets that calls are reserved against; absent: none. */
  readonly budgets?: BudgetPolicy | undefined;
  /** Tokens of a text, by estimate. */
  estimateTokens(text: string): number;
}

export interface EngineDependencies {
  readonly database: Database;
  readonly log: ChunkLog;
  readonly queue: Queue;
  readonly signals: Signals;
  readonly agents: AgentDirectory;
  readonly models: EngineModels;
  readonly files: AttachmentReader;
  /** Makes what instructions and tools get as `context`. */
  readonly contexts: ContextSource;
  /** Absent: none. */
  readonly middleware?: Pipeline;
  readonly logger: Logger;
  readonly io: Io;
  readonly flushClock: FlushClock;
  readonly observer: EngineObserver;
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** Completions of one user that run at a time, on all workers; absent: any number. */
  readonly runningPerUser?: number;
  /** Background tools of one user that are at work at a time; absent: as many as usual. */
  readonly backgroundPerUser?: number;
  /** How long after its ending a log that was lost is still rebuilt for viewers. */
  readonly logRetentionSeconds: number;
  /** Whether the first completed answer of a conversation orders a title for it. */
  readonly givesTitles?: boolean;
  /** Whether what falls out of a window is summarised, and models are shown the summary. */
  readonly givesSummaries?: boolean;
  /** Milliseconds between two snapshots of an open step. */
  readonly snapshotMilliseconds: number;
}
