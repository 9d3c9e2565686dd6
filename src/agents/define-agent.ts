import type { Agent, AgentDirectory } from "../protocol/agent/agent.ts";
import type { Settings } from "../protocol/settings.ts";
import type { Tool } from "../protocol/agent/tool.ts";
import type { Runner } from "../protocol/agent/turn.ts";
import { toolLoop } from "./tool-loop.ts";

export interface AgentDefinition {
  /** Shown in selectors. Default: its key. */
  readonly name?: string;
  /** `<provider id>/<model id>`. Default: the server's default model. */
  readonly model?: string;
  /** System prompt, or a function that makes it for each completion. */
  readonly instructions?: NonNullable<Agent["instructions"]>;
  /** By the name that the model calls them by: letters, digits, `_` and `-`, at most 64. */
  readonly tools?: Readonly<Record<string, Tool>>;
  /** Names of the MCP servers of the configuration whose tools it has besides. */
  readonly mcp?: readonly string[];
  readonly settings?: Settings;
  /** The framework that drives it. Default: `toolLoop()`. */
  readonly runner?: Runner;
  /** Model calls per completion, at most. Default: the server's, which is 10. */
  readonly maxSteps?: number;
  /** Messages of history that the model sees, at most. Default: the server's, which is 100. */
  readonly contextMessages?: number;
}

/**
 * Describes what answers in a conversation. The key under `agents` in the configuration is its id.
 *
 * @example
 * const support = defineAgent({
 *   model: "openai/gpt-5-mini",
 *   instructions: async ({ context }) => `You help ${context.user.name ?? "a customer"} of our shop.`,
 *   tools: { getOrder, refund },
 * });
 */
export const defineAgent = <const Definition extends AgentDefinition>(definition: Definition): Definition => definition;

/** What holds for agents that do not say it themselves. */
export interface AgentDefaults {
  /** Model calls per completion, at most. Default 10. */
  readonly maxSteps?: number | undefined;
  /** Messages of history that the model sees, at most. Default 100. */
  readonly contextMessages?: number | undefined;
}

const complete = (
  id: string,
  definition: AgentDefinition,
  { maxSteps = 10, contextMessages = 100 }: AgentDefaults,
): Agent => {
  const { instructions, model } = definition;
  for (const name of Object.keys(definition.tools ?? {})) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
      throw new TypeError(`Agent "${id}": "${name}" can't be a tool's name; use letters, digits, _ and -, at most 64.`);
  }
  return {
    id,
    name: definition.name ?? id,
    ...(model === undefined ? {} : { model }),
    ...(instructions === undefined ? {} : { instructions }),
    tools: definition.tools ?? {},
    ...(definition.mcp === undefined ? {} : { mcp: definition.mcp }),
    settings: definition.settings ?? {},
    runner: definition.runner ?? toolLoop(),
    maxSteps: definition.maxSteps ?? maxSteps,
    contextMessages: definition.contextMessages ?? contextMessages,
  };
};

/** The agents of a server; the one with the key `default`, else the first, answers when nobody chose. */
export const createAgentDirectory = (
  definitions: Readonly<Record<string, AgentDefinition>>,
  defaults: AgentDefaults = {},
): AgentDirectory => {
  const agents = new Map(
    Object.entries(definitions).map(([id, definition]) => [id, complete(id, definition, defaults)]),
  );
  const [first] = agents.keys();
  if (first === undefined) throw new TypeError("At least one agent is needed.");
  return {
    defaultId: agents.has("default") ? "default" : first,
    get: (id) => agents.get(id),
    list: () => [...agents.values()],
  };
};
