import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useMemo, useRef, type ReactNode } from "react";
import { useLocation } from "wouter";
import { conversationPath } from "../shell/conversation/conversation-path.ts";
import { useNatter } from "../shell/natter-context.ts";
import { createConversationActions, type ConversationActions } from "./conversation-actions.ts";

const ActionsContext = createContext<ConversationActions | null>(null);

/** Gives every row the same actions, so that a row is not drawn again when another conversation is shown. */
export const ConversationActionsProvider = ({ children }: { readonly children: ReactNode }) => {
  const client = useNatter();
  const queries = useQueryClient();
  const [path, navigate] = useLocation();
  const place = useRef({ path, navigate });
  place.current = { path, navigate };
  const actions = useMemo(
    () =>
      createConversationActions({
        client,
        queries,
        leave: ({ id }) => {
          if (place.current.path === conversationPath(id)) place.current.navigate("/");
        },
      }),
    [client, queries],
  );
  return <ActionsContext value={actions}>{children}</ActionsContext>;
};

export const useConversationActions = (): ConversationActions => {
  const actions = useContext(ActionsContext);
  if (actions === null) throw new Error("useConversationActions is only for what stands inside its provider");
  return actions;
};
