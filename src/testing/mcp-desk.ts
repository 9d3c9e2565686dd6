import { silentLogger, type Logger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import type { McpServerConfig } from "../protocol/agent/mcp.ts";
import type { InlineTool, ToolContext } from "../protocol/agent/tool.ts";
import { createMcpServers, type McpServers } from "../tools/mcp/mcp-servers.ts";
import {
  createMcpTestServer,
  plainTool,
  textResult,
  type McpTestServer,
  type TestServerOptions,
} from "./servers/mcp-test-server.ts";

interface UseOptions {
  /** What each server is known to list. */
  readonly known?: readonly unknown[];
  /** Hosts that may be asked although they are not public. */
  readonly allow?: readonly string[];
}

/** Servers of a test, what Natter makes of them, and what it warned of; `close` ends all of it. */
export interface McpDesk {
  readonly warnings: readonly { readonly fields: object; readonly message: string }[];
  /** Serves one tool `echo`, unless told otherwise. */
  serve(options?: Partial<TestServerOptions>): Promise<McpTestServer>;
  /** Natter's side of these servers, looked for once. */
  use(servers: Readonly<Record<string, McpServerConfig>>, options?: UseOptions): Promise<McpServers>;
  close(): Promise<void>;
}

/** What may take long on a busy machine. */
export const patience = 60_000;

export const createMcpDesk = (database: Database): McpDesk => {
  const closing: { close(): Promise<void> }[] = [];
  const warnings: { readonly fields: object; readonly message: string }[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields, message) => void warnings.push({ fields, message }) };
  return {
    warnings,
    async serve(options = {}) {
      const server = await createMcpTestServer({
        tools: [plainTool("echo")],
        answer: ({ input }) => textResult(JSON.stringify(input)),
        ...options,
      });
      closing.push(server);
      return server;
    },
    async use(servers, { known, allow = [] } = {}) {
      const lists = Object.fromEntries(Object.keys(servers).map((name) => [name, known ?? []]));
      const more = known === undefined ? {} : { known: lists };
      const made = createMcpServers({ servers, ...more, allow, database, logger, version: "0" });
      closing.push(made);
      await made.prepare(made.names, patience);
      return made;
    },
    async close() {
      for (const open of closing.splice(0).toReversed()) await open.close();
    },
  };
};

export const mcpToolOf = (servers: McpServers, name: string): InlineTool =>
  servers.toolsOf(servers.names)[name] as InlineTool;

/** What a tool is told of its call. */
export const toolContextOf = (userId: string, signal = new AbortController().signal): ToolContext =>
  ({
    workspaceId: "workspace",
    conversationId: "conversation",
    completionId: "completion",
    userId,
    callId: `call-${userId}`,
    idempotencyKey: `completion:call-${userId}`,
    abortSignal: signal,
  }) as ToolContext;
