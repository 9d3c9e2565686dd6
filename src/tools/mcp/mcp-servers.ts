import { hash } from "node:crypto";
import { withFields, type Logger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { McpCaller, McpServerConfig, McpServerReport } from "../../protocol/agent/mcp.ts";
import type { Tool } from "../../protocol/agent/tool.ts";
import { addPins, readPins, replacePin } from "../../store/tools/mcp-rows.ts";
import type { McpListener } from "./connection.ts";
import { createTransport, timeoutOf } from "./create-transport.ts";
import { McpServer } from "./mcp-server.ts";
import { createOAuthStore } from "./oauth-store.ts";
import { openConnection } from "./open-connection.ts";
import type { PinStore } from "./pin-tools.ts";
import type { OpenSession } from "./sessions.ts";

export interface McpServersOptions {
  readonly servers: Readonly<Record<string, McpServerConfig>>;
  /** Servers whose list is known, and that are started by the first call. */
  readonly known?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** Hosts that may be asked although they are not public. */
  readonly allow: readonly string[];
  readonly database: Database;
  readonly logger: Logger;
  /** Natter's version, which servers are told. */
  readonly version: string;
}

/** The servers of the Model Context Protocol that an operator has named. */
export interface McpServers {
  readonly names: readonly string[];
  /** The tools of these servers, by the names that models call them by; none of those that are down. */
  toolsOf(names: readonly string[]): Readonly<Record<string, Tool>>;
  /** Resolves when each of these has been looked for once, or after so many milliseconds. */
  prepare(names: readonly string[], milliseconds: number): Promise<void>;
  reports(): readonly McpServerReport[];
  close(): Promise<void>;
}

/** Where a server is, without what its URL or arguments may keep secret. */
const originOf = (config: McpServerConfig): string =>
  hash("sha256", "command" in config ? JSON.stringify([config.command, config.args ?? []]) : config.url);

const createPins = (database: Database, server: string, config: McpServerConfig): PinStore => {
  const at = { server, origin: originOf(config) };
  return {
    read: () => readPins(database, at),
    add: (pins) => addPins(database, at, pins),
    replace: (pin) => replacePin(database, at, pin),
  };
};

const createOpen = (name: string, config: McpServerConfig, options: McpServersOptions): OpenSession => {
  const { allow, database, version } = options;
  const logger = withFields(options.logger, () => ({ server: name }));
  const tokens = createOAuthStore(database, name, config);
  return (caller: McpCaller | null, listener: McpListener) =>
    openConnection({
      createTransport: () => createTransport(config, { allow, caller, tokens, logger }),
      timeoutMs: timeoutOf(config),
      version,
      listener,
    });
};

export const createMcpServers = (options: McpServersOptions): McpServers => {
  const { known = {}, database, logger } = options;
  const servers = new Map(
    Object.entries(options.servers).map(([name, config]) => [
      name,
      new McpServer({
        name,
        config,
        known: known[name],
        open: createOpen(name, config, options),
        pins: createPins(database, name, config),
        logger,
      }),
    ]),
  );
  const named = (names: readonly string[]): McpServer[] =>
    names.map((name) => servers.get(name)).filter((server) => server !== undefined);
  return {
    names: [...servers.keys()],
    toolsOf: (names) => Object.assign({}, ...named(names).map((server) => server.tools)),
    prepare: async (names, milliseconds) => {
      await Promise.all(named(names).map((server) => server.prepare(milliseconds)));
    },
    reports: () => [...servers.values()].map((server) => server.report),
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
};
