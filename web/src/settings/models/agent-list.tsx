import { Check } from "lucide-react";
import type { AgentDescription } from "natter/client";
import { useState } from "react";
import { OptionList, type Option } from "../../ui/list/option-list.tsx";
import { agentFacts, runnerName } from "./agent-facts.ts";
import { settingsTexts } from "../conversation/settings-texts.ts";

export interface AgentListProps {
  readonly agents: readonly AgentDescription[];
  readonly current: AgentDescription | undefined;
  readonly onChoose: (agentId: string) => void;
}

const AgentOption = ({ agent, isCurrent }: { readonly agent: AgentDescription; readonly isCurrent: boolean }) => {
  const runner = runnerName(agent);
  return (
    <>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2 text-text">
          <span dir="auto" className="truncate font-[550]">
            {agent.name}
          </span>
          {runner !== null && (
            <span className="rounded-full border border-line px-1.5 text-11 leading-4 text-text-2">{runner}</span>
          )}
        </span>
        <span className="block truncate text-12 text-text-2">{agentFacts(agent).join(" · ")}</span>
      </span>
      <span className="grid w-4 shrink-0 place-items-center text-accent-ink">
        {isCurrent && <Check size={16} strokeWidth={1.5} aria-hidden="true" />}
      </span>
    </>
  );
};

const matches = ({ id, name, tools }: AgentDescription, query: string): boolean =>
  `${id} ${name} ${tools.map((tool) => tool.name).join(" ")}`.toLowerCase().includes(query.trim().toLowerCase());

/** The agents to choose from, with what they can do. */
export const AgentList = ({ agents, current, onChoose }: AgentListProps) => {
  const [query, setQuery] = useState("");
  const options: Option[] = agents
    .filter((agent) => matches(agent, query))
    .map((agent) => ({
      id: agent.id,
      group: settingsTexts.agents,
      isSelected: agent === current,
      content: <AgentOption agent={agent} isCurrent={agent === current} />,
    }));
  return (
    <OptionList
      label={settingsTexts.agent}
      placeholder={settingsTexts.agentSearch}
      query={query}
      onQuery={setQuery}
      options={options}
      nothing={settingsTexts.noAgent}
      onChoose={onChoose}
      className="max-h-[360px]"
    />
  );
};
