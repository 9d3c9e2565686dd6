import type { Agent, AgentDirectory } from "../../protocol/agent/agent.ts";
import type { McpServers } from "./mcp-servers.ts";

/** How long the first completion after a start waits for a server that has not been looked for yet. */
const patienceMs = 3_000;

/** The agents with the tools of their servers as they are now; an agent's own tool wins over a server's of its name. */
export const withMcpTools = (directory: AgentDirectory, servers: McpServers): AgentDirectory => {
  const equip = (agent: Agent): Agent =>
    agent.mcp === undefined
      ? agent
      : { ...agent, tools: { ...agent.tools, ...servers.toolsOf(agent.mcp), ...agent.tools } };
  return {
    defaultId: directory.defaultId,
    get: (id) => {
      const agent = directory.get(id);
      return agent && equip(agent);
    },
    list: () => directory.list().map(equip),
    prepare: async (id) => {
      await servers.prepare(directory.get(id)?.mcp ?? [], patienceMs);
    },
  };
};
