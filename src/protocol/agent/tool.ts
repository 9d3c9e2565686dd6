import type { JSONSchema7 } from "ai";
import type { InjectedContext } from "./injected-context.ts";

/** The five results of a tool (seed B6). Data and issues are JSON; texts are safe to show. */
export type ToolOutcome =
  | { readonly type: "completed"; readonly data: unknown }
  | { readonly type: "pending"; readonly note: string }
  | { readonly type: "validation-error"; readonly issues: readonly string[] }
  | { readonly type: "not-found"; readonly what: string }
  | { readonly type: "failed"; readonly message: string };

/** What is recorded of a call: a result of its tool, or that a person did not let it run. */
export type CallOutcome = ToolOutcome | { readonly type: "denied"; readonly reason: string | null };

/** A call that a model asked for. */
export interface ToolCall {
  readonly callId: string;
  readonly tool: string;
  readonly input: unknown;
}

/** The recorded result of a call; there is one per call, for ever. */
export interface ToolResult extends ToolCall {
  readonly outcome: CallOutcome;
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
  /** What Natter and the application give to tools. */
  readonly context: InjectedContext;
}

/** Whether a value fits a schema: the value, or what is wrong with it. */
export type Checked = { readonly value: unknown } | { readonly issues: readonly string[] };

interface DescribedTool {
  readonly description?: string;
  readonly inputSchema: JSONSchema7;
  /** Milliseconds that a question to a person stays open: an approval, or the result of a client tool. */
  readonly answerWithin: number;
  /** Checks the model's input: the value to run with, or what is wrong with it. */
  validate(input: unknown): Promise<Checked>;
  /** Whether a person has to approve this call before it runs. Gets a valid input; a throw means yes. */
  needsApproval(input: unknown, context: ToolContext): Promise<boolean>;
}

/** A tool with a body. */
export interface RunningTool<Context extends Pick<ToolContext, "abortSignal">> extends DescribedTool {
  /** True: the body may be started again after a crash inside it. Default false: the result is then "outcome unknown". */
  readonly retrySafe: boolean;
  /** Milliseconds until the call counts as failed. */
  readonly timeout: number;
  execute(input: unknown, context: Context): Promise<ToolOutcome>;
}

/** Runs inside the completion, which goes on with its result. */
export interface InlineTool extends RunningTool<ToolContext> {
  readonly kind: "inline";
}

/** Runs in the person's browser or app: the completion waits for the result. */
export interface ClientTool extends DescribedTool {
  readonly kind: "client";
  readonly outputSchema: JSONSchema7;
  /** Checks the result that a client gave. */
  validateOutput(output: unknown): Promise<Checked>;
}

/** What the body of a background tool gets besides its input. */
export interface BackgroundJob extends ToolContext {
  readonly toolExecutionId: string;
  /** 1, 2, 3 … within a round. */
  readonly attempt: number;
  /** When the first attempt of the round began, by the database's clock. */
  readonly startedAt: Date;
  /**
   * Tells everybody who looks how far it is: a part between 0 and 1, and a few words. Kept and told twice a second at most,
   * the newest; never rejects.
   */
  progress(progress: { readonly ratio?: number; readonly note?: string }): Promise<void>;
  /**
   * For a body that answers `pending`: whoever POSTs a result to this path, signed with this secret, ends the call. The
   * secret is the same for each attempt.
   */
  readonly webhook: { readonly path: string; readonly secret: string };
}

/** How a background tool is run. */
export interface BackgroundOptions {
  /** Starts of the body, at most, where it throws or takes too long. A crash in its middle starts it again only if it is `retrySafe`. */
  readonly attempts: number;
  /** Milliseconds that one attempt may take, a result by webhook included. */
  readonly timeout: number;
  /** What a finished result does: a new completion that goes on by itself, or it is told to the next one. */
  readonly onResult: "continue" | "next";
}

/** Runs besides the completion, which gets `pending` at once. */
export interface BackgroundTool extends RunningTool<BackgroundJob> {
  readonly kind: "background";
  readonly background: BackgroundOptions;
}

/** A typed function that the model may call. Made by `tool()`. */
export type Tool = InlineTool | ClientTool | BackgroundTool;
