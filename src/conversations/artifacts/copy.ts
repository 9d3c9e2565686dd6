import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { copyArtifact, listNamedArtifacts } from "../../store/conversation/artifact-copies.ts";
import type { ArtifactPlace } from "../../store/conversation/artifact-rows.ts";

/** Gives a copied conversation artifacts of its own, instead of those that its messages name. */
export const copyArtifacts = async (
  database: Database,
  place: ArtifactPlace,
  toConversationId: string,
  until: Date | null = null,
): Promise<void> => {
  for (const from of await listNamedArtifacts(database, place, toConversationId))
    await copyArtifact(database, {
      workspaceId: place.workspaceId,
      from,
      to: createId(),
      toConversationId,
      until,
    });
};
