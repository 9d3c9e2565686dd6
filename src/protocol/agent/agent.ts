import type { InjectedContext } from "./injected-context.ts";
import type { Settings } from "../settings.ts";
import type { Tool } from "./tool.ts";
import type { Runner, TurnCompletion } from "./turn.ts";

/** What instructions are made for: one claim of a completion. */
export interface InstructionsTurn extends TurnCompletion {
  readonly completion: TurnCompletion;
  /** Id of the agent that answers. */
  readonly agent: string;
  /** What the conversation and the send have set. */
  readonly settings: Settings;
  readonly context: InjectedContext;
}

/** What answers in a conversation. Made by `defineAgent()`. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  /** `<provider id>/<model id>`; absent: the server's default model. */
  readonly model?: string;
  readonly instructions?: string | ((turn: InstructionsTurn) => string | Promise<string>);
  readonly tools: Readonly<Record<string, Tool>>;
  /** Names of the MCP servers whose tools it has besides. */
  readonly mcp?: readonly string[];
  readonly settings: Settings;
  readonly runner: Runner;
  /** Model calls per completion, at most. */
  readonly maxSteps: number;
  /** Messages of history that the model sees, at most. */
  readonly contextMessages: number;
}

/** The agents that this server knows. */
export interface AgentDirectory {
  readonly defaultId: string;
  get(id: string): Agent | undefined;
  /** Resolves when the agent's tools have been looked for, within a few seconds; absent: they are all known. */
  prepare?(id: string): Promise<void>;
  list(): readonly Agent[];
}
