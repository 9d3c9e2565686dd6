import type { AgentDescription } from "natter/client";
import { settingsTexts } from "../conversation/settings-texts.ts";

const toolsNamed = 3;

/** What an agent can do, in a few words each. */
export const agentFacts = ({ model, tools, maxSteps, capabilities }: AgentDescription): readonly string[] => {
  const withoutTools = capabilities.toolsAtMostOnce === "all" ? settingsTexts.noTools : settingsTexts.toolsUnknown;
  const names = tools.slice(0, toolsNamed).map(({ name }) => name);
  const more = tools.length - names.length;
  return [
    ...(model === null ? [] : [model]),
    tools.length === 0 ? withoutTools : [...names, ...(more > 0 ? [`+${more}`] : [])].join(", "),
    ...(tools.length === 0 ? [] : [settingsTexts.steps(maxSteps)]),
  ];
};

/** How an agent is driven, where that is worth saying. */
export const runnerName = ({ runner }: AgentDescription): string | null =>
  runner === "toolLoop" || runner === "chat" ? null : runner;
