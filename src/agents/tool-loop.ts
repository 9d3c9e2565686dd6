import { answeredParts } from "../tools/answered-parts.ts";
import type { Agent } from "../protocol/agent/agent.ts";
import type { ModelCall, ModelMessage } from "../protocol/agent/model.ts";
import { nativeCapabilities } from "../protocol/agent/runner-capabilities.ts";
import type { Runner, Turn, TurnEnd } from "../protocol/agent/turn.ts";
import { assistantMessages } from "./model-messages.ts";

/** An agent's tools as a model is told of them. */
export const describeTools = ({ tools }: Pick<Agent, "tools">): ModelCall["tools"] =>
  Object.entries(tools).map(([name, { description, inputSchema }]) => ({
    name,
    inputSchema,
    ...(description === undefined ? {} : { description }),
  }));

/** The request of the next step: the window, then what this completion has said and learnt so far. */
export const nextCall = (turn: Turn, soFar: readonly ModelMessage[], tools: ModelCall["tools"]): ModelCall => ({
  model: turn.completion.model,
  messages: [...turn.messages, ...soFar],
  tools,
  settings: turn.settings,
  ...(turn.instructions === undefined ? {} : { instructions: turn.instructions }),
});

const run = async (turn: Turn): Promise<TurnEnd> => {
  const tools = describeTools(turn.agent);
  for (;;) {
    const last = turn.steps.at(-1);
    if (last !== undefined && last.calls.length === 0)
      return { status: "completed", finishReason: last.end.finishReason };
    if (last !== undefined) {
      const { waiting } = await turn.execute(last.calls);
      if (waiting) return { status: "waiting" };
      if (turn.steps.length >= turn.agent.maxSteps) return { status: "completed", finishReason: "tool-calls" };
    }
    const soFar = turn.steps.flatMap((step) => assistantMessages(answeredParts(step.parts, step.results)));
    await turn.model(nextCall(turn, soFar, tools));
  }
};

/** Calls the model, runs the tools it asks for, and calls it again, until it asks for none or the steps are used up (C6). */
export const toolLoop = (): Runner => ({
  name: "toolLoop",
  capabilities: nativeCapabilities,
  run,
});
