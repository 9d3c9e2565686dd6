import type { Database } from "../ports/database.ts";
import type { Part } from "../protocol/message/chunk.ts";
import type { ConversationRevision } from "../protocol/hint.ts";
import { handOver } from "../store/completion/claims.ts";
import { hasAnswer, lockClaimed, parkCompletion, type OpenQuestions } from "../store/completion/waiting-rows.ts";
import type { Claim } from "./claim.ts";

export type { OpenQuestions };

/** `parked`: it waits, without a worker. `answered`: an answer came in between, and a worker has to go on. `lost`: the claim is. */
export type Parking =
  | { readonly outcome: "parked"; readonly revision: ConversationRevision }
  | { readonly outcome: "answered" | "lost" };

/**
 * Parks a claim's completion until one of its questions is answered: in a transaction of its own, because whoever answers
 * locks the completion first, and only a statement that begins afterwards sees the answer.
 */
export const park = (
  database: Database,
  claim: Claim,
  questions: OpenQuestions,
  parts: readonly Part[],
): Promise<Parking> =>
  database.transaction(async (): Promise<Parking> => {
    if (!(await lockClaimed(database, claim))) return { outcome: "lost" };
    if (await hasAnswer(database, claim, questions)) {
      await handOver(database, claim, claim.fence);
      return { outcome: "answered" };
    }
    const parked = await parkCompletion(database, claim, parts);
    return parked === undefined ? { outcome: "lost" } : { outcome: "parked", revision: parked.revision };
  });
