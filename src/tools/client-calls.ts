import type { Database } from "../ports/database.ts";
import type { CallOutcome } from "../protocol/agent/tool.ts";
import { insertClientCall } from "../store/tools/client-call-rows.ts";
import type { ClaimedCall } from "../store/tools/tool-execution-rows.ts";

/** Records that a call waits for a client's result; may be repeated. Its outcome, where it has one already. Undefined: the claim is lost. */
export const recordClientCall = (
  database: Database,
  claimed: ClaimedCall,
  answerWithin: number,
): Promise<{ readonly outcome: CallOutcome | null } | undefined> => insertClientCall(database, claimed, answerWithin);
