import type { ToolPart } from "../message/part-groups.ts";

/** `invalid`: the model gave it an input that it does not take. `background`: it goes on after the answer. */
export type ToolStatus = "running" | "background" | "done" | "failed" | "invalid" | "unknown" | "denied";

export interface ToolSummary {
  readonly callId: string;
  readonly name: string;
  /** What it was asked, in one line. */
  readonly argument: string;
  readonly status: ToolStatus;
  /** What went wrong. */
  readonly error: string | null;
}

const longest = 90;
// how the server says it; there is no other mark of it in a part
const unknownOutcome = "The outcome of this call is unknown";
const refusedInput = "The input was refused";

const short = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string")
      ? value.join(", ")
      : `${value.length} ${value.length === 1 ? "item" : "items"}`;
  return typeof value === "object" && value !== null ? "…" : JSON.stringify(value);
};

/** The values of a tool's input in one line; with its name where a bare number or flag would say nothing. */
export const argumentOf = (input: unknown): string => {
  if (input === undefined || input === null) return "";
  if (typeof input !== "object") return short(input).slice(0, longest);
  const words = Object.entries(input).map(([name, value]) =>
    typeof value === "string" ? short(value) : `${name} ${short(value)}`,
  );
  const line = words.join(", ").replaceAll(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

const isPending = (output: unknown): boolean =>
  typeof output === "object" && output !== null && "status" in output && output.status === "pending";

const failureOf = (error: string): ToolStatus => {
  if (error.startsWith(unknownOutcome)) return "unknown";
  return error.startsWith(refusedInput) ? "invalid" : "failed";
};

const statusOf = (part: ToolPart): ToolStatus => {
  switch (part.state) {
    case "output-available":
      return isPending(part.output) ? "background" : "done";
    case "output-error":
      return failureOf(part.errorText);
    case "output-denied":
      return "denied";
    case "approval-responded":
      return part.approval.approved ? "running" : "denied";
    case "approval-requested":
    case "input-available":
    case "input-streaming":
      return "running";
  }
};

const errorOf = (part: ToolPart): string | null => {
  if (part.state === "output-error") return part.errorText;
  if (part.state === "output-denied") return part.approval.reason ?? null;
  return part.state === "approval-responded" && !part.approval.approved ? (part.approval.reason ?? null) : null;
};

export const toolName = (part: ToolPart): string =>
  part.type === "dynamic-tool" ? part.toolName : part.type.slice("tool-".length);

export const summarizeTool = (part: ToolPart): ToolSummary => ({
  callId: part.toolCallId,
  name: toolName(part),
  argument: argumentOf(part.input),
  status: statusOf(part),
  error: errorOf(part),
});
