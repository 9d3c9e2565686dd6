import type { ModelDriver, ModelInfo } from "../protocol/agent/model.ts";

/** A place where models answer. Each kind has a file of its own that makes one of these. */
export interface Provider {
  /** The part of a model's id before its first `/`. */
  readonly id: string;
  /** Answers for all its models; a call's `model` says which. */
  readonly driver: ModelDriver;
  /** What to offer, best first. */
  readonly models: readonly ModelInfo[];
  /** Whether ids that are not offered are passed on as well. */
  readonly takesAnyModel: boolean;
}
