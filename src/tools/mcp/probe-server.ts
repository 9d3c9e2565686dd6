import { silentLogger } from "../../foundation/logger.ts";
import type { McpServerConfig } from "../../protocol/agent/mcp.ts";
import { createTransport, timeoutOf } from "./create-transport.ts";
import { readTools } from "./listed-tool.ts";
import { openConnection } from "./open-connection.ts";

export interface ProbeOptions {
  readonly allow: readonly string[];
  readonly version: string;
}

const listMs = 10_000;
const nothing = (): void => {};
const noTokens = { read: async () => null, save: async () => {} };

/**
 * Asks a server once for its tools, and leaves it. Not for one that is signed in to by a refresh token: asking would
 * use the token up.
 * @throws what kept it from answering
 */
export const probeServer = async (
  config: McpServerConfig,
  { allow, version }: ProbeOptions,
): Promise<readonly string[]> => {
  const options = { allow, caller: null, tokens: noTokens, logger: silentLogger };
  const connection = await openConnection({
    createTransport: () => createTransport(config, options),
    timeoutMs: timeoutOf(config),
    version,
    listener: { onClose: nothing, onToolsChange: nothing },
  });
  try {
    return readTools(await connection.list(AbortSignal.timeout(listMs)), nothing).map(({ name }) => name);
  } finally {
    await connection.close();
  }
};
