import { createId, createSecret } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import { insertExecution } from "../../store/background/starting.ts";
import type { ClaimedCall, Permission } from "../../store/tools/tool-execution-rows.ts";
import { failed, pending } from "../results.ts";

const started = pending(
  "Started in the background. Its result will be told in a later message; don't wait for it, and don't call it again for this.",
);

/** Said of a call that a decision does not fit. */
const notAllowed = failed("This call is not the one that was allowed, and did not run.");

export interface ExecutionOrigin {
  readonly conversationId: string;
  readonly messageId: string;
  /** Whom it runs for. */
  readonly userId: string;
  readonly agent: string;
  /** Open executions of the user, at most, this one included. */
  readonly perUser: number;
  /** The decision that the call rests on; absent: it needs none. */
  readonly permission?: Permission | undefined;
}

/** What the model is told at once; `execution`: of a call that goes on from here. Null: the claim is lost. */
export interface StartedExecution {
  readonly outcome: ToolOutcome;
  readonly execution: { readonly id: string; readonly revision: ConversationRevision } | null;
}

/** Has a call done in the background: its result (`pending`), the execution and its job are stored together. May be repeated. */
export const startExecution = async (
  database: Database,
  claimed: ClaimedCall,
  origin: ExecutionOrigin,
): Promise<StartedExecution | null> => {
  const id = createId();
  const start = await insertExecution(database, claimed, {
    ...origin,
    id,
    jobId: createId(),
    secret: createSecret(),
    outcome: started,
  });
  switch (start.status) {
    case "lost":
      return null;
    case "started":
      return { outcome: started, execution: { id, revision: start.revision } };
    case "known":
      return { outcome: start.outcome, execution: null };
    case "refused":
      return { outcome: notAllowed, execution: null };
    case "full":
      return {
        outcome: failed(
          `${origin.perUser} background tools of this person are at work already; try again when some are done.`,
        ),
        execution: null,
      };
  }
};
