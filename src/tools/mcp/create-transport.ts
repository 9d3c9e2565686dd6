import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Logger } from "../../foundation/logger.ts";
import type { McpServerConfig } from "../../protocol/agent/mcp.ts";
import { createHttpTransport, type HttpTransportOptions } from "./http-transport.ts";
import { createStdioTransport } from "./stdio-transport.ts";

/** Milliseconds until a call of this server counts as failed. */
export const timeoutOf = ({ timeoutSeconds = 60 }: McpServerConfig): number => timeoutSeconds * 1000;

export interface TransportOptions extends Omit<HttpTransportOptions, "timeoutMs"> {
  readonly logger: Logger;
}

/** The way to a server: a process of our own, or requests through the egress client. */
export const createTransport = (config: McpServerConfig, options: TransportOptions): Promise<Transport> =>
  "command" in config
    ? createStdioTransport(config, options.logger)
    : createHttpTransport(config, { ...options, timeoutMs: timeoutOf(config) });
