import { useId } from "react";
import { settingsTexts } from "../conversation/settings-texts.ts";
import { useAgents } from "./use-catalogue.ts";

export interface AgentFieldProps {
  /** Null: the server's default. */
  readonly value: string | null;
  readonly onChange: (agent: string) => void;
}

/** Which agent answers, where there is a choice. */
export const AgentField = ({ value, onChange }: AgentFieldProps) => {
  const id = useId();
  const agents = useAgents();
  if (agents.length < 2) return null;
  const current = value ?? agents.find(({ isDefault }) => isDefault)?.id ?? "";
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-13 font-[550]">
        {settingsTexts.agent}
      </label>
      <select
        id={id}
        value={current}
        onChange={(event) => onChange(event.target.value)}
        className="h-[34px] w-full rounded-small border border-edge bg-surface px-2 text-text"
      >
        {agents.map((agent) => (
          <option key={agent.id} value={agent.id}>
            {agent.name}
          </option>
        ))}
      </select>
    </div>
  );
};
