import { NatterError } from "../foundation/errors.ts";
import { gateJson, gateText } from "../foundation/text-gate.ts";
import type { ToolOutcome } from "../protocol/agent/tool.ts";
import { completed, failed, notFound, pending, validationError } from "./results.ts";

/** Characters of a tool's own words, at most: a model and a person read them. */
const maxCharacters = 10_000;
const maxIssues = 20;

const short = (text: string, length = maxCharacters): string => gateText(text.slice(0, length));

const storableData = (data: unknown): ToolOutcome => {
  try {
    return completed(gateJson(data));
  } catch (cause) {
    if (!(cause instanceof NatterError)) throw cause;
    return failed(
      cause.code === "too_large"
        ? "The tool's result is larger than 1 MiB."
        : "The tool's result is not JSON that can be stored.",
    );
  }
};

const storableIssues = (issues: readonly string[]): ToolOutcome => {
  const first = issues.slice(0, maxIssues).map((issue) => short(issue, maxCharacters / maxIssues));
  const more = issues.length - first.length;
  return validationError(more > 0 ? [...first, `and ${more} more`] : first);
};

/** The outcome as it can be stored and shown: JSON within its size, words gated and not endless. */
export const storableOutcome = (outcome: ToolOutcome): ToolOutcome => {
  switch (outcome.type) {
    case "completed":
      return storableData(outcome.data);
    case "pending":
      return pending(short(outcome.note));
    case "validation-error":
      return storableIssues(outcome.issues);
    case "not-found":
      return notFound(short(outcome.what));
    case "failed":
      return failed(short(outcome.message));
  }
};
