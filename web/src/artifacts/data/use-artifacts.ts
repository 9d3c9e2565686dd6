import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Artifact, ArtifactVersion, ConversationStore, ListedArtifact } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { useConversation } from "../../thread/use-conversation.ts";

/** The artifacts of a conversation; read again with each change of it, as every write of an artifact is one. */
export const useArtifactList = (
  store: ConversationStore,
  enabled = true,
): UseQueryResult<readonly ListedArtifact[]> => {
  const client = useNatter();
  const { conversationId } = store;
  const version = useConversation(store, ({ conversation }) => conversation?.version ?? 0);
  return useQuery({
    queryKey: ["artifacts", conversationId, version],
    queryFn: async () => (await client.artifacts.list(conversationId)).data,
    placeholderData: (before, query) => (query?.queryKey[1] === conversationId ? before : undefined),
    enabled,
    gcTime: 10_000,
  });
};

/** A version with what is in it, which never changes; until it is there, the one that was shown before. */
export const useArtifact = (id: string, version: number): UseQueryResult<Artifact> => {
  const client = useNatter();
  return useQuery({
    queryKey: ["artifact", id, version],
    queryFn: () => client.artifacts.get(id, version),
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });
};

/** All versions until `newest`, the newest first. */
export const useArtifactVersions = (id: string, newest: number): UseQueryResult<readonly ArtifactVersion[]> => {
  const client = useNatter();
  return useQuery({
    queryKey: ["artifact-versions", id, newest],
    queryFn: async () => (await client.artifacts.versions(id)).data,
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  });
};
