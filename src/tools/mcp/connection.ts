import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { ToolContext } from "../../protocol/agent/tool.ts";

/** An open session with a server. */
export interface McpConnection {
  /** What it lists, as it came. */
  list(signal: AbortSignal): Promise<readonly unknown[]>;
  /** Calls a tool; rejects when the server did not answer it, and with the reason of the context's signal. */
  call(tool: string, input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<CallToolResult>;
  close(): Promise<void>;
}

/** What a session tells of itself. */
export interface McpListener {
  /** It is over, and not because it was closed. */
  onClose(): void;
  /** Its list of tools has changed. */
  onToolsChange(): void;
}
