/** What a tool takes and gives, for TypeScript alone. */
export interface ToolTypes<Input, Output> {
  /** Never there when the program runs. */
  readonly "~types"?: { readonly input: Input; readonly output: Output } | undefined;
}

/** What a person's client reads as the output of a call that goes on elsewhere. */
export interface PendingOutput {
  readonly status: "pending";
  readonly note: string;
}

type Told<Value> = Value extends { readonly type: "completed"; readonly data: infer Data }
  ? Data
  : Value extends { readonly type: "pending"; readonly note: string }
    ? PendingOutput
    : Value extends { readonly type: "failed" | "not-found" | "validation-error" }
      ? never
      : Value extends undefined | void
        ? null
        : Value;

/** What a client reads as the output of a body that returns this: failures are errors there and no output. */
export type OutputOfBody<Returned> = Told<Awaited<Returned>>;
