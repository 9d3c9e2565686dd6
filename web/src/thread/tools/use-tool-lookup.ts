import { useCallback } from "react";
import { useAgents } from "../../settings/models/use-catalogue.ts";
import type { ToolLookup } from "../thread-context.ts";

/** What the tools of the agents are; of an agent that is not known, whichever has a tool of that name. */
export const useToolLookup = (): ToolLookup => {
  const agents = useAgents();
  return useCallback(
    (agentId, toolName) => {
      const agent = agents.find(({ id, isDefault }) => (agentId === null ? isDefault : id === agentId));
      const candidates = agent === undefined ? agents : [agent];
      return candidates.flatMap(({ tools }) => tools).find(({ name }) => name === toolName);
    },
    [agents],
  );
};
