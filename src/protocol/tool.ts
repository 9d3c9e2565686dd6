import type { JSONSchema7 } from "ai";

/** The five results of a tool (seed B6). Data and issues are JSON; texts are safe to show. */
export type ToolOutcome =
  | { readonly type: "completed"; readonly data: unknown }
  | { readonly type: "pending"; readonly note: string }
  | { readonly type: "validation-error"; readonly issues: readonly string[] }
  | { readonly type: "not-found"; readonly what: string }
  | { readonly type: "failed"; readonly message: string };

/** A call that a model asked for. */
export interface ToolCall {
  readonly callId: string;
  readonly tool: string;
  readonly input: unknown;
}

/** The recorded result of a call; there is one per call, for ever. */
export interface ToolResult extends ToolCall {
  readonly outcome: ToolOutcome;
}

/** What a tool body gets besides its input. */
export interface ToolContext {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly completionId: string;
  readonly userId: string;
  readonly callId: string;
  /** The same for every start of this call, for services that take one. */
  readonly idempotencyKey: string;
  readonly abortSignal: AbortSignal;
}

/** A typed function that the model may call. Made by `tool()`. */
export interface Tool {
  readonly description?: string;
  readonly inputSchema: JSONSchema7;
  /** True: the body may be started again after a crash inside it. Default false: the result is then "outcome unknown". */
  readonly retrySafe: boolean;
  /** Milliseconds until the call counts as failed. */
  readonly timeout: number;
  /** Checks the model's input: the value to run with, or what is wrong with it. */
  validate(input: unknown): Promise<{ readonly value: unknown } | { readonly issues: readonly string[] }>;
  execute(input: unknown, context: ToolContext): Promise<ToolOutcome>;
}
