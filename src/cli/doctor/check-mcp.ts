import type { McpServerConfig } from "../../protocol/agent/mcp.ts";
import { NatterError } from "../../foundation/errors.ts";
import { probeServer } from "../../tools/mcp/probe-server.ts";
import { version } from "../../version.ts";
import { finding, within, type Check, type Finding } from "./finding.ts";

const patience = 20_000;
const absent = "its tools are not offered until it answers";

const explain = (thrown: unknown): string => {
  const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return thrown instanceof NatterError && cause instanceof Error ? `${message} (${cause.message})` : message;
};

const adviceFor = (config: McpServerConfig, thrown: unknown): string => {
  if (thrown instanceof NatterError && thrown.code === "unavailable") return absent;
  if ("command" in config) return `check that "${config.command}" runs in this folder; ${absent}`;
  if (thrown instanceof NatterError && thrown.code === "unprocessable")
    return `if it is yours, name its host under egress.allow; ${absent}`;
  return `check its url, headers and oauth; ${absent}`;
};

const isUsedUpByAsking = (config: McpServerConfig): boolean =>
  "url" in config && config.oauth?.refreshToken !== undefined;

const count = (number: number): string => (number === 1 ? "1 tool" : `${number} tools`);

/** Whether the configured MCP servers answer; a server that does not keeps nobody from starting. */
export const checkMcp: Check = async ({ mcp, egress }): Promise<readonly Finding[]> => {
  if (mcp === undefined) return [];
  return Promise.all(
    Object.entries(mcp).map(async ([name, config]) => {
      if (isUsedUpByAsking(config))
        return finding("note", "mcp", `${name} is not asked, since its refresh token would be used up`);
      try {
        const tools = await within(patience, probeServer(config, { allow: egress.allow, version }));
        return finding("ok", "mcp", `${name} answers with ${count(tools.length)}`);
      } catch (thrown) {
        return finding("note", "mcp", `${name}: ${explain(thrown)}`, adviceFor(config, thrown));
      }
    }),
  );
};
