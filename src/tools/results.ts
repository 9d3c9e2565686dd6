import type { ToolOutcome } from "../protocol/tool.ts";

type Result<Type extends ToolOutcome["type"]> = Extract<ToolOutcome, { type: Type }>;

/** The tool did it; `data` is JSON. A plain value that `execute` returns means the same. */
export const completed = (data: unknown): Result<"completed"> => ({ type: "completed", data });

/** The tool goes on elsewhere; the model reads the note and goes on. */
export const pending = (note: string): Result<"pending"> => ({ type: "pending", note });

/** The input was of the right form and still wrong; the model reads the issues and may try again. */
export const validationError = (issues: readonly string[]): Result<"validation-error"> => ({
  type: "validation-error",
  issues,
});

/** What was asked for is not there. */
export const notFound = (what: string): Result<"not-found"> => ({ type: "not-found", what });

/** The tool could not do it. The message is shown; a thrown error's is not. */
export const failed = (message: string): Result<"failed"> => ({ type: "failed", message });

const outcomeTypes: ReadonlySet<unknown> = new Set<ToolOutcome["type"]>([
  "completed",
  "pending",
  "validation-error",
  "not-found",
  "failed",
]);

export const isToolOutcome = (value: unknown): value is ToolOutcome =>
  typeof value === "object" && value !== null && "type" in value && outcomeTypes.has(value.type);

/** What a person and the model read of an outcome that is no success; null for a success. */
export const errorTextOf = (outcome: ToolOutcome): string | null => {
  switch (outcome.type) {
    case "completed":
    case "pending":
      return null;
    case "validation-error":
      return `The input was refused: ${outcome.issues.join("; ")}`;
    case "not-found":
      return `Not found: ${outcome.what}`;
    case "failed":
      return outcome.message;
  }
};

/** What a person and the model read of a success. */
export const outputOf = (outcome: ToolOutcome): unknown => {
  switch (outcome.type) {
    case "completed":
      return outcome.data ?? null;
    case "pending":
      return { status: "pending", note: outcome.note };
    default:
      return null;
  }
};
