import type { Database } from "../ports/database.ts";
import type { Checkpoint, CheckpointStore, CheckpointWrite } from "../protocol/agent/checkpoint.ts";
import type { Part } from "../protocol/message/chunk.ts";
import {
  insertCheckpoint,
  insertCheckpointWrites,
  listCheckpointRows,
  listCheckpointWrites,
} from "../store/completion/checkpoint-rows.ts";
import { saveSteps } from "../store/completion/step-rows.ts";
import type { Claim } from "./claim.ts";

export interface ForeignStep {
  readonly step: number;
  readonly parts: readonly Part[];
}

/** Stores steps that a runner finished by itself, and its checkpoint in the same transaction. False: the claim is lost. */
export const recordForeignSteps = (
  database: Database,
  claim: Claim,
  steps: readonly ForeignStep[],
  checkpoint: Checkpoint | null,
): Promise<boolean> =>
  database.transaction(
    async () =>
      (steps.length === 0 || (await saveSteps(database, claim, steps))) &&
      (checkpoint === null || insertCheckpoint(database, claim, checkpoint)),
  );

/** False: the claim is lost. */
export const recordCheckpointWrites = (
  database: Database,
  claim: Claim,
  at: { readonly namespace: string; readonly checkpointId: string },
  writes: readonly CheckpointWrite[],
): Promise<boolean> => insertCheckpointWrites(database, claim, at, writes);

/** Reads the checkpoints of a completion. */
export const readCheckpoints = (
  database: Database,
  claim: Claim,
): Pick<CheckpointStore, "find" | "list" | "writesOf"> => ({
  find: async (namespace, id) => (await listCheckpointRows(database, claim, { namespace, id, limit: 1 }))[0],
  list: (namespace) => listCheckpointRows(database, claim, { namespace }),
  writesOf: (namespace, checkpointId) => listCheckpointWrites(database, claim, namespace, checkpointId),
});
