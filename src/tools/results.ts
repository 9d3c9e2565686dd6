import type { CallOutcome, ToolOutcome } from "../protocol/agent/tool.ts";

type Result<Type extends ToolOutcome["type"]> = Extract<ToolOutcome, { type: Type }>;

/** The tool did it; `data` is JSON. A plain value that `execute` returns means the same. */
export const completed = <Data>(data: Data): { readonly type: "completed"; readonly data: Data } => ({
  type: "completed",
  data,
});

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

const isText = (value: unknown): boolean => typeof value === "string";

/** The one member of each result besides its type, and what it may hold. */
const members: Readonly<Record<ToolOutcome["type"], readonly [name: string, holds: (value: unknown) => boolean]>> = {
  completed: ["data", () => true],
  pending: ["note", isText],
  "validation-error": ["issues", (value) => Array.isArray(value) && value.every(isText)],
  "not-found": ["what", isText],
  failed: ["message", isText],
};

/** Whether a body returned one of the five results, and not data that happens to have a `type`. */
export const isToolOutcome = (value: unknown): value is ToolOutcome => {
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") return false;
  const member = Object.entries(members).find(([type]) => type === value.type)?.[1];
  if (member === undefined) return false;
  const [name, holds] = member;
  const entries = Object.entries(value).filter(([key]) => key !== "type");
  return entries.length === 1 && entries.every(([key, content]) => key === name && holds(content));
};

/** What the model reads of a call that a person did not let run. */
export const denialOf = (reason: string | null): string =>
  `This call was not allowed, and did not run.${reason === null ? "" : ` The reason given: ${reason}`}`;

/** What a person and the model read of an outcome that is no success; null for a success. */
export const errorTextOf = (outcome: CallOutcome): string | null => {
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
    case "denied":
      return denialOf(outcome.reason);
  }
};

/** What a person and the model read of a success. */
export const outputOf = (outcome: CallOutcome): unknown => {
  switch (outcome.type) {
    case "completed":
      return outcome.data ?? null;
    case "pending":
      return { status: "pending", note: outcome.note };
    default:
      return null;
  }
};
