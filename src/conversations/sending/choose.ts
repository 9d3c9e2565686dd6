import { NatterError } from "../../foundation/errors.ts";
import type { OfferedModel } from "../../protocol/agent/model.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { ConversationRow } from "../../store/conversation/conversation-rows.ts";
import type { AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "../context.ts";

export interface Choice {
  readonly agent: string;
  /** Canonical model id. */
  readonly model: string;
  readonly settings: Settings;
}

type Chooser = Pick<Principal, "policy">;

const isAllowed = ({ models }: ConversationContext, { policy }: Chooser, model: string): boolean => {
  const allowed = policy?.allowedModels ?? null;
  return allowed === null || allowed.some((one) => models.resolve(one) === model);
};

/** The models that a workspace allows, of those that are here. */
export const allowedModelsOf = (context: ConversationContext, chooser: Chooser): readonly OfferedModel[] =>
  context.models.list().filter(({ id }) => isAllowed(context, chooser, id));

/**
 * The canonical id of a model that somebody named.
 * @throws NatterError `model_not_available` when no provider here offers it, `forbidden` when the workspace doesn't
 */
export const requireModel = (context: ConversationContext, chooser: Chooser, id: string): string => {
  const model = context.models.resolve(id);
  if (model === undefined)
    throw new NatterError(
      "model_not_available",
      `There is no model "${id}" here; GET /v1/models lists those there are.`,
    );
  if (!isAllowed(context, chooser, model))
    throw new NatterError("forbidden", `Your workspace does not allow the model "${model}"; ask an owner or admin.`);
  return model;
};

/** The id of an agent that somebody named; throws when there is none. */
export const requireAgent = (context: ConversationContext, id: string): string => {
  if (context.agents.get(id) === undefined)
    throw new NatterError("unprocessable", `There is no agent "${id}" here; GET /v1/agents lists those there are.`);
  return id;
};

/** The agent that answers where nobody chose; the workspace's may be gone since. */
export const defaultAgentOf = ({ agents }: ConversationContext, { policy }: Chooser): string => {
  const wanted = policy?.agent ?? agents.defaultId;
  return agents.get(wanted) === undefined ? agents.defaultId : wanted;
};

/** The model that answers where nobody chose: the workspace's, else the server's, else the first that the workspace allows. */
export const defaultModelOf = (context: ConversationContext, chooser: Chooser): string => {
  const { models } = context;
  const wanted = models.resolve(chooser.policy?.model ?? models.defaultModel);
  if (wanted !== undefined && isAllowed(context, chooser, wanted)) return wanted;
  return allowedModelsOf(context, chooser)[0]?.id ?? models.defaultModel;
};

/** Who answers, with which model and settings: this request's word first, then the conversation's, then the agent's, then the workspace's, then the server's. */
export const chooseAgent = (
  context: ConversationContext,
  principal: Chooser,
  { options, conversation }: { readonly options: AnswerOptions; readonly conversation: ConversationRow | undefined },
): Choice => {
  const agent = requireAgent(context, options.agent ?? conversation?.agent ?? defaultAgentOf(context, principal));
  const model =
    options.model ?? conversation?.model ?? context.agents.get(agent)?.model ?? defaultModelOf(context, principal);
  return {
    agent,
    model: requireModel(context, principal, model),
    settings: { ...options.defaults, ...conversation?.settings, ...options.settings },
  };
};
