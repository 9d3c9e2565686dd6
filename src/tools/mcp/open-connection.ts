import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { z } from "zod";
import { NatterError } from "../../foundation/errors.ts";
import type { ToolContext } from "../../protocol/agent/tool.ts";
import type { McpConnection, McpListener } from "./connection.ts";
import { inCallScope } from "./call-scope.ts";

const connectMs = 15_000;
const maxPages = 20;

/** Of a call, as the server is told: who it is for, and what tells it from every other. */
const metaOf = ({ userId, workspaceId, conversationId, callId, idempotencyKey }: ToolContext) => ({
  "natter/userId": userId,
  "natter/workspaceId": workspaceId,
  "natter/conversationId": conversationId,
  "natter/callId": callId,
  "natter/idempotencyKey": idempotencyKey,
});

/** One tool that is not as it should be must not cost the others: each is read by itself. */
const pageSchema = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

const listAll = async (client: Client, signal: AbortSignal): Promise<readonly unknown[]> => {
  const tools: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const result = await client.request({ method: "tools/list", params }, pageSchema, { signal, timeout: connectMs });
    tools.push(...result.tools);
    cursor = result.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
};

const importSdk = async () => {
  try {
    const [{ Client: McpClient }, types] = await Promise.all([
      import("@modelcontextprotocol/sdk/client/index.js"),
      import("@modelcontextprotocol/sdk/types.js"),
    ]);
    return { McpClient, types };
  } catch (cause) {
    const text = "MCP servers need one more package: npm install @modelcontextprotocol/sdk";
    throw new NatterError("unavailable", text, { cause });
  }
};

export interface ConnectionOptions {
  readonly createTransport: () => Promise<Transport>;
  /** Milliseconds until a call counts as failed. */
  readonly timeoutMs: number;
  /** Natter's version, which servers are told. */
  readonly version: string;
  readonly listener: McpListener;
}

/** Opens a session over a transport; rejects when the server does not answer in time. */
export const openConnection = async ({
  createTransport,
  timeoutMs,
  version,
  listener,
}: ConnectionOptions): Promise<McpConnection> => {
  const { McpClient, types } = await importSdk();
  const client = new McpClient({ name: "natter", version });
  let isOpen = false;
  client.onclose = () => {
    if (isOpen) listener.onClose();
    isOpen = false;
  };
  client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => listener.onToolsChange());
  await client.connect(await createTransport(), { timeout: connectMs });
  isOpen = true;
  return {
    list: (signal) => listAll(client, signal),
    async call(tool, input, context) {
      const request = {
        method: "tools/call" as const,
        params: { name: tool, arguments: { ...input }, _meta: metaOf(context) },
      };
      // not callTool: it compiles the schemas of results, and with them patterns that the server chose
      return inCallScope(context.abortSignal, (signal) =>
        client.request(request, types.CallToolResultSchema, { signal, timeout: timeoutMs }),
      );
    },
    async close() {
      isOpen = false;
      await client.close();
    },
  };
};
