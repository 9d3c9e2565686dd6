import { NatterError } from "../foundation/errors.ts";
import { withFields, type Logger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import type { ContextProvider, InjectedContext, NatterContext } from "../protocol/agent/injected-context.ts";
import type { RegisteredContext } from "../protocol/agent/register.ts";
import type { TurnCompletion } from "../protocol/agent/turn.ts";
import type { Surroundings } from "../store/conversation/surroundings.ts";
import { createToolArtifacts, type ArtifactWritten } from "./artifacts.ts";
import { createToolDatabase } from "./tool-database.ts";

/** Makes the `context` of tools and instructions for one claim of a completion, or one attempt of a background tool. */
export type ContextSource = (completion: TurnCompletion, around: Surroundings) => Promise<InjectedContext>;

export interface ContextSourceOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** The application's part. */
  readonly context?: ContextProvider | undefined;
  /** Told of each artifact that a tool writes. */
  readonly onArtifact?: ArtifactWritten | undefined;
}

/** That it holds what `Register` says, the application's own compiler has checked. */
const isPromised = (given: object): given is RegisteredContext => typeof given === "object";

const provide = async (context: ContextProvider | undefined, own: NatterContext): Promise<RegisteredContext> => {
  const given: unknown = typeof context === "function" ? await context(own) : context;
  const part = given ?? {};
  if (typeof part === "object" && isPromised(part)) return part;
  throw new NatterError("internal", "The application gave no object as context.");
};

/** Natter's own part wins over what the application gives by the same name. */
export const createContextSource =
  ({ database, logger, context, onArtifact = () => {} }: ContextSourceOptions): ContextSource =>
  async (completion, { userName, userEmail, workspaceName, title }) => {
    const { id, workspaceId, conversationId, userId } = completion;
    const own: NatterContext = {
      database: createToolDatabase(database, { workspaceId, userId }),
      artifacts: createToolArtifacts(database, { workspaceId, conversationId, completionId: id, userId }, onArtifact),
      logger: withFields(logger, () => ({ workspaceId, conversationId, completionId: id })),
      user: { id: userId, name: userName, email: userEmail },
      workspace: { id: workspaceId, name: workspaceName },
      conversation: { id: conversationId, title },
      completion,
    };
    return { ...(await provide(context, own)), ...own };
  };
