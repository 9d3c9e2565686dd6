import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Logger } from "../../foundation/logger.ts";
import type { McpCommandServer } from "../../protocol/agent/mcp.ts";

/** Bytes of one message of a server, at most; a longer one ends it. */
const maxMessage = 16_777_216;
const maxLine = 2_000;

/** Starts a server of the operator's as a process, and talks to it by its standard input and output. */
export const createStdioTransport = async (
  { command, args = [], env = {}, cwd }: McpCommandServer,
  logger: Logger,
): Promise<Transport> => {
  const { StdioClientTransport } = await import("@modelcontextprotocol/sdk/client/stdio.js");
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    stderr: "pipe",
    maxBufferSize: maxMessage,
    ...(cwd === undefined ? {} : { cwd }),
  });
  transport.stderr?.on("data", (piece: Buffer) => {
    logger.debug({ text: piece.toString("utf8").slice(0, maxLine) }, "an MCP server wrote to its standard error");
  });
  return transport;
};
