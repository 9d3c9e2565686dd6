import type { Database } from "../../ports/database.ts";
import type { Signals } from "../../ports/signals.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import { findCompletion } from "../../store/completion/completion-rows.ts";
import { listOverdue, type OverdueRow } from "../../store/completion/waiting-rows.ts";
import { announceAnswer } from "./announce.ts";
import { settle, type QuestionAnswer } from "./settle.ts";

const batchSize = 100;

const nobodyAnswered: ToolOutcome = { type: "failed", message: "Nobody gave a result in time." };

const answerOf = ({ id, kind }: OverdueRow): QuestionAnswer =>
  kind === "approval"
    ? { kind, id, decision: "expired", decidedBy: null, reason: null }
    : { kind, id, outcome: nobodyAnswered, isLate: true };

/** Answers questions whose time is over: by no, or with no result. */
export const expireQuestions = async (database: Database, signals: Signals): Promise<void> => {
  for (const row of await listOverdue(database, batchSize)) {
    const key = { workspaceId: row.workspace_id, completionId: row.completion_id };
    const revision = await database.transaction(async () => {
      await findCompletion(database, key, { lock: true });
      return settle(database, key, [answerOf(row)]);
    });
    if (revision !== null) announceAnswer(signals, key, revision);
  }
};
