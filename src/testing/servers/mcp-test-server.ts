import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { createId } from "../../foundation/ids.ts";

/** A call as the test's server got it. */
export interface ReceivedCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage["headers"];
  /** Of JSON-RPC. */
  readonly requestId: string | number;
  /** Aborted when the client cancels the call. */
  readonly signal: AbortSignal;
}

export interface TestServerOptions {
  readonly tools: readonly Tool[];
  answer(call: ReceivedCall): CallToolResult | Promise<CallToolResult>;
  /** Answers a request before MCP sees it; true: it was answered. */
  intercept?(request: IncomingMessage, response: ServerResponse): boolean;
  /** Port to serve; default any free one. */
  readonly port?: number;
}

/** A real MCP server over streamable HTTP, with sessions, on loopback. */
export interface McpTestServer {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly ReceivedCall[];
  readonly sessions: ReadonlyMap<string, StreamableHTTPServerTransport>;
  readonly connections: readonly Socket[];
  /** What it lists from now on. */
  list(tools: readonly Tool[]): void;
  /** Knows no session any more, as after a restart. */
  forget(): void;
  close(): Promise<void>;
}

export const textResult = (text: string): CallToolResult => ({ content: [{ type: "text", text }] });

/** A tool that takes anything. */
export const plainTool = (name: string, description = `does ${name}`, more: Partial<Tool> = {}): Tool => ({
  name,
  description,
  inputSchema: { type: "object", properties: { value: { type: "string" } } },
  ...more,
});

export const createMcpTestServer = async (options: TestServerOptions): Promise<McpTestServer> => {
  let tools = options.tools;
  const calls: ReceivedCall[] = [];
  const connections: Socket[] = [];
  const sessions = new Map<string, StreamableHTTPServerTransport>();

  const openSession = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: createId,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new Server({ name: "test", version: "1" }, { capabilities: { tools: { listChanged: true } } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, requestId, requestInfo }) => {
      const headers = (requestInfo?.headers ?? {}) as IncomingMessage["headers"];
      const { name, arguments: input = {}, _meta: meta = {} } = params;
      const call = { name, input, meta, headers, requestId, signal };
      calls.push(call);
      return options.answer(call);
    });
    await server.connect(transport as Parameters<Server["connect"]>[0]);
    return transport;
  };

  const http = createServer((request, response) => {
    if (options.intercept?.(request, response) === true) return;
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (typeof id === "string" && known === undefined) response.writeHead(404).end();
    else
      void Promise.resolve(known ?? openSession())
        .then((transport) => transport.handleRequest(request, response))
        .catch((thrown: unknown) => response.destroy(thrown as Error));
  });
  http.on("connection", (socket) => connections.push(socket));
  http.listen(options.port ?? 0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    calls,
    sessions,
    connections,
    list: (next) => void (tools = next),
    forget: () => sessions.clear(),
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
};
