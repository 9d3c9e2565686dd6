import { useQueryClient } from "@tanstack/react-query";
import { RequestError } from "natter/client";
import { useEffect } from "react";
import { useNatterParts } from "../../shell/natter-context.ts";
import { markSeen } from "./seen-conversations.ts";
import { clearUnread, dropConversation, findConversation, putConversation } from "./conversation-pages.ts";

const isGone = (error: unknown): boolean => error instanceof RequestError && error.status === 404;

/** Keeps the lists of the sidebar as they are on the server, by its hints. */
export const useLiveLists = (): void => {
  const { client, live } = useNatterParts();
  const queries = useQueryClient();
  useEffect(() => {
    const asked = new Map<string, number>();
    const read = async (id: string, version: number): Promise<void> => {
      asked.set(id, version);
      try {
        const conversation = await client.conversations.get(id);
        putConversation(queries, conversation);
      } catch (error) {
        if (isGone(error)) dropConversation(queries, id);
        else console.warn("a conversation that changed could not be read", error);
      }
      // whatever was told while it was read may have come too late for the answer
      const latest = asked.get(id) ?? version;
      asked.delete(id);
      if (latest > version) await read(id, latest);
    };
    const stopHints = live.onHint(({ kind, conversationId, version }) => {
      const known = findConversation(queries, conversationId);
      if (kind === "seen" && known !== undefined) {
        markSeen(known);
        clearUnread(queries, conversationId);
      }
      if ((known?.version ?? -1) >= version) return;
      if (asked.has(conversationId)) asked.set(conversationId, version);
      else void read(conversationId, version);
    });
    const stopConnected = live.onConnected(() => void queries.invalidateQueries({ queryKey: ["conversations"] }));
    return () => {
      stopHints();
      stopConnected();
    };
  }, [client, live, queries]);
};
