import { NatterError } from "../foundation/errors.ts";
import type { Settings } from "../protocol/settings.ts";
import type { ConversationRow } from "../store/conversation-rows.ts";
import type { AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "./context.ts";

export interface Choice {
  readonly agent: string;
  /** Canonical model id. */
  readonly model: string;
  readonly settings: Settings;
}

/** The canonical id of a model that somebody named; throws when no provider here offers it. */
export const requireModel = (context: ConversationContext, id: string): string => {
  const model = context.models.resolve(id);
  if (model === undefined)
    throw new NatterError(
      "model_not_available",
      `There is no model "${id}" here; GET /v1/models lists those there are.`,
    );
  return model;
};

/** The id of an agent that somebody named; throws when there is none. */
export const requireAgent = (context: ConversationContext, id: string): string => {
  if (context.agents.get(id) === undefined)
    throw new NatterError("unprocessable", `There is no agent "${id}" here; GET /v1/agents lists those there are.`);
  return id;
};

/** Who answers, with which model and settings: this request's word first, then the conversation's, then the agent's, then the server's. */
export const chooseAgent = (
  context: ConversationContext,
  options: AnswerOptions,
  conversation: ConversationRow | undefined,
): Choice => {
  const agent = requireAgent(context, options.agent ?? conversation?.agent ?? context.agents.defaultId);
  const model = options.model ?? conversation?.model ?? context.agents.get(agent)?.model ?? context.models.defaultModel;
  return {
    agent,
    model: requireModel(context, model),
    settings: { ...options.defaults, ...conversation?.settings, ...options.settings },
  };
};
