import { NatterError } from "../../foundation/errors.ts";
import { gateJson } from "../../foundation/text-gate.ts";
import type { McpServerConfig } from "../../protocol/agent/mcp.ts";
import type { Checked, InlineTool, ToolContext, ToolOutcome } from "../../protocol/agent/tool.ts";
import { timeoutOf } from "./create-transport.ts";
import type { PinnedTool } from "./pin-tools.ts";

/** A person may take a week to answer. */
const answerWithin = 604_800_000;
const maxInputBytes = 262_144;

export type CallTool = (tool: string, input: Input, context: ToolContext) => Promise<ToolOutcome>;

type Input = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Input =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const gated = (input: unknown): Input | string => {
  try {
    const value = gateJson(input ?? {}, { maxBytes: maxInputBytes });
    return isObject(value) ? value : "input: must be an object";
  } catch (thrown) {
    if (!(thrown instanceof NatterError)) throw thrown;
    return `input: ${thrown.message}`;
  }
};

/** Form and size only: what the members mean is the server's to check, and its schema is not ours to compile. */
const validate = async (input: unknown): Promise<Checked> => {
  const value = gated(input);
  return typeof value === "string" ? { issues: [value] } : { value };
};

const asks = ({ approval = "destructive" }: McpServerConfig, { drift, isDestructive }: PinnedTool): boolean =>
  drift !== "none" || approval === "always" || (approval === "destructive" && isDestructive);

/** A server's tool as agents have it. */
export const createMcpTool = (server: McpServerConfig, tool: PinnedTool, call: CallTool): InlineTool => ({
  kind: "inline",
  description: tool.description,
  inputSchema: tool.inputSchema,
  answerWithin,
  retrySafe: false,
  timeout: timeoutOf(server),
  validate,
  needsApproval: async () => asks(server, tool),
  execute: (input, context) => {
    const value = gated(input);
    return typeof value === "string"
      ? Promise.resolve({ type: "validation-error", issues: [value] })
      : call(tool.name, value, context);
  },
});
