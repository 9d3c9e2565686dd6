import type { Conversation, Me } from "natter/client";

/** What a person may do with the artifacts of a conversation; the server decides the same. */
export interface ArtifactRights {
  readonly canWrite: boolean;
  readonly canRemove: boolean;
}

export const artifactRights = (conversation: Conversation | null, me: Me | undefined): ArtifactRights => {
  if (conversation === null || me === undefined || me.role === "reader" || conversation.status === "archived")
    return { canWrite: false, canRemove: false };
  return { canWrite: true, canRemove: conversation.ownerId === me.userId || me.role !== "member" };
};
