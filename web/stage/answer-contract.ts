import type { AgentTool, Part } from "natter/client";

/** What stands on the page that shows one answer. */
export interface ShownAnswer {
  readonly parts: readonly Part[];
  /** Whether it is still being written, or waits. Default false. */
  readonly isLive?: boolean;
  /** Whether it waits for a person. Default false. */
  readonly isWaiting?: boolean;
  /** What the agent's tools are. */
  readonly tools?: readonly AgentTool[];
}

/** A request of the page, which nobody sends. */
export interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What a test does with the page. */
export interface AnswerStage {
  show(this: void, answer: ShownAnswer): void;
  /** What the page asked of a server, without what it read. */
  asked(this: void): readonly AskedRequest[];
}
