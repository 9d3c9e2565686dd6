import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import type { QuestionAnswer } from "./settle.ts";

/** Whoever decides in another's conversation stands in the audit log; inside the transaction of the decisions. */
export const recordDecisions = async (
  database: Database,
  principal: Principal,
  { ownerId }: ConversationRevision,
  answers: readonly QuestionAnswer[],
): Promise<void> => {
  if (ownerId === principal.userId && principal.actorId === undefined) return;
  for (const answer of answers) {
    if (answer.kind !== "approval") continue;
    const { id: target, decision } = answer;
    await recordDeed(database, principal, {
      action: "approval.decide",
      subjectId: ownerId,
      target,
      details: { decision },
    });
  }
};
