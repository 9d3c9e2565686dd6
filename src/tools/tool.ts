import type {
  BackgroundJob,
  BackgroundOptions,
  BackgroundTool,
  ClientTool,
  InlineTool,
  Tool,
  ToolContext,
  ToolOutcome,
} from "../protocol/agent/tool.ts";
import type { OutputOfBody, PendingOutput, ToolTypes } from "../protocol/agent/tool-types.ts";
import { toMilliseconds, type Duration } from "./duration.ts";
import { completed, isToolOutcome } from "./results.ts";
import { check, convert, toJsonSchema, type InputOf, type OutputOf, type Schema } from "./schema.ts";

interface CommonDefinition<Input extends Schema> {
  /** When and how to use it, for the model. */
  readonly description?: string;
  /** A schema of zod, or of any library with Standard JSON Schema. */
  readonly inputSchema: Input;
  /** Whether a person must allow a call before it runs, always or depending on its input. Denied unless they do. Default false. */
  readonly approval?: boolean | ((input: OutputOf<Input>, context: ToolContext) => boolean | Promise<boolean>);
  /** How long a question to a person stays open: an approval, or a client tool's result. Default 7 days. */
  readonly answerWithin?: Duration;
}

interface RunningDefinition<
  Input extends Schema,
  Context extends ToolContext,
  Returned,
> extends CommonDefinition<Input> {
  /** True: the body may be started again after a crash inside it, with the same `idempotencyKey`. Default false. */
  readonly retrySafe?: boolean;
  /** The body. A plain value means `completed`, a throw means `failed` with a safe text. */
  readonly execute: (input: OutputOf<Input>, context: Context) => Returned;
}

/** A tool that runs while the completion waits for it. */
export interface InlineDefinition<Input extends Schema, Returned = unknown> extends RunningDefinition<
  Input,
  ToolContext,
  Returned
> {
  /** Until the call counts as failed. Default 60 s. */
  readonly timeout?: Duration;
}

/** A tool that runs besides the completion. */
export interface BackgroundDefinition<Input extends Schema> extends RunningDefinition<Input, BackgroundJob, unknown> {
  readonly background: {
    /** Starts of the body, at most, where it throws or takes too long. Default 3 for one that is `retrySafe`, else 1. */
    readonly attempts?: number;
    /** Of one attempt. Default 10 minutes. */
    readonly timeout?: Duration;
    /** `continue`: its result starts a completion of its own. `next`: it is told to the next one. Default `next`. */
    readonly onResult?: BackgroundOptions["onResult"];
  };
}

/** A tool without a body: the person's browser or app runs it. */
export interface ClientDefinition<
  Input extends Schema,
  Output extends Schema = Schema,
> extends CommonDefinition<Input> {
  /** What its results must fit. */
  readonly outputSchema: Output;
  readonly execute?: undefined;
}

type Definition<Input extends Schema> = InlineDefinition<Input> | BackgroundDefinition<Input> | ClientDefinition<Input>;

const defaults = { timeout: "60s", answerWithin: "7d", attemptTimeout: "10m" } as const;

const commonOf = <Input extends Schema>({
  description,
  inputSchema,
  approval = false,
  answerWithin = defaults.answerWithin,
}: CommonDefinition<Input>) => ({
  ...(description === undefined ? {} : { description }),
  inputSchema: toJsonSchema(inputSchema),
  answerWithin: toMilliseconds(answerWithin),
  validate: (input: unknown) => check(inputSchema, input, "input"),
  needsApproval: async (input: unknown, context: ToolContext): Promise<boolean> =>
    typeof approval === "function" ? approval(await convert(inputSchema, input), context) : approval,
});

const runningOf = <Input extends Schema, Context extends ToolContext>(
  definition: RunningDefinition<Input, Context, unknown>,
) => ({
  ...commonOf(definition),
  retrySafe: definition.retrySafe ?? false,
  execute: async (input: unknown, context: Context): Promise<ToolOutcome> => {
    const value = await definition.execute(await convert(definition.inputSchema, input), context);
    return isToolOutcome(value) ? value : completed(value ?? null);
  },
});

const backgroundOf = <Input extends Schema>({
  background: { attempts, timeout = defaults.attemptTimeout, onResult = "next" },
  retrySafe = false,
}: BackgroundDefinition<Input>): BackgroundOptions => ({
  attempts: attempts ?? (retrySafe ? 3 : 1),
  timeout: toMilliseconds(timeout),
  onResult,
});

/**
 * Makes a tool. With `execute` it runs inside the completion, at most once per call (promise 5); with `background` besides
 * it; without `execute` it is a client tool: the completion waits for one result that fits `outputSchema`.
 *
 * @example
 * const refund = tool({
 *   description: "Pays an order back",
 *   inputSchema: z.object({ orderId: z.string(), cents: z.int() }),
 *   approval: ({ cents }) => cents > 5000,
 *   execute: async (input, { idempotencyKey }) => completed(await payments.refund(input, idempotencyKey)),
 * });
 * @throws TypeError for a duration that is none
 */
export function tool<Input extends Schema>(
  definition: BackgroundDefinition<Input>,
): BackgroundTool & ToolTypes<InputOf<Input>, PendingOutput>;
export function tool<Input extends Schema, Output extends Schema>(
  definition: ClientDefinition<Input, Output>,
): ClientTool & ToolTypes<InputOf<Input>, InputOf<Output>>;
export function tool<Input extends Schema, Returned>(
  definition: InlineDefinition<Input, Returned>,
): InlineTool & ToolTypes<InputOf<Input>, OutputOfBody<Returned>>;
export function tool<Input extends Schema>(definition: Definition<Input>): Tool {
  if ("background" in definition) {
    const background = backgroundOf(definition);
    return { kind: "background", ...runningOf(definition), timeout: background.timeout, background };
  }
  if ("outputSchema" in definition) {
    const { outputSchema } = definition;
    return {
      kind: "client",
      ...commonOf(definition),
      outputSchema: toJsonSchema(outputSchema),
      validateOutput: (output) => check(outputSchema, output, "output"),
    };
  }
  const timeout = toMilliseconds(definition.timeout ?? defaults.timeout);
  return { kind: "inline", ...runningOf(definition), timeout };
}
