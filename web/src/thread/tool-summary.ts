import type { ToolPart } from "./part-groups.ts";

export type ToolStatus = "running" | "done" | "failed" | "unknown" | "denied";

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

const short = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string") ? value.join(", ") : `${value.length} items`;
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

const statusOf = ({ state }: ToolPart, error: string | null): ToolStatus => {
  if (state === "output-available") return "done";
  if (state === "output-denied") return "denied";
  if (state !== "output-error") return "running";
  return error?.startsWith(unknownOutcome) === true ? "unknown" : "failed";
};

const toolName = (part: ToolPart): string =>
  part.type === "dynamic-tool" ? part.toolName : part.type.slice("tool-".length);

export const summarizeTool = (part: ToolPart): ToolSummary => {
  const error = part.state === "output-error" ? part.errorText : null;
  return {
    callId: part.toolCallId,
    name: toolName(part),
    argument: argumentOf(part.input),
    status: statusOf(part, error),
    error,
  };
};
