import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { listTaskTools } from "../../examples/tasks-mcp/task-tools.ts";
import type { ResolvedConfig } from "../config/load-config.ts";
import type { Logger } from "../foundation/logger.ts";
import type { McpServerConfig } from "../protocol/agent/mcp.ts";
import type { Stores } from "./stores.ts";
import { createMcpServers, type McpServers } from "../tools/mcp/mcp-servers.ts";
import { version } from "../version.ts";

// as this file, source or built
const tasksMain = join(import.meta.dirname, `../../examples/tasks-mcp/main${extname(import.meta.filename)}`);

/** The tasks that the default agent has by itself: a person's own, so that nobody is asked for leave. */
const tasksOf = ({ dataDirectory }: ResolvedConfig["stores"]): McpServerConfig => ({
  command: process.execPath,
  args: ["--no-warnings", tasksMain, "--file", join(dataDirectory, "tasks.db")],
  approval: "never",
  trust: "all",
});

/** Whether the package that speaks the protocol is installed; without it the tasks would only fail. */
const canSpeak = (logger: Logger): boolean => {
  try {
    return createRequire(import.meta.url).resolve("@modelcontextprotocol/sdk/types.js") !== "";
  } catch (err) {
    logger.info({ err }, "the default agent keeps tasks with one more package: npm install @modelcontextprotocol/sdk");
    return false;
  }
};

/**
 * The servers that Natter has when the operator names none. Their files are this machine's: nodes that share a database
 * would each have another list, so they get none.
 */
const ownServers = ({ agents, stores }: ResolvedConfig, logger: Logger): Readonly<Record<string, McpServerConfig>> =>
  Object.keys(agents).length > 0 || stores.databaseUrl !== undefined || !canSpeak(logger)
    ? {}
    : { tasks: tasksOf(stores) };

/** The MCP servers of a node: what the configuration names, else the tasks that ship with Natter. */
export const composeMcp = (
  config: ResolvedConfig,
  { database }: Pick<Stores, "database">,
  logger: Logger,
): McpServers => {
  const { mcp, egress } = config;
  return createMcpServers({
    servers: mcp ?? ownServers(config, logger),
    known: mcp === undefined ? { tasks: listTaskTools() } : {},
    allow: egress.allow,
    database,
    logger,
    version,
  });
};
