import { useQueryClient } from "@tanstack/react-query";
import type { ConversationStore } from "natter/client";
import { useState } from "react";
import { Composer } from "../../composer/composer.tsx";
import { AgentPicker } from "../../settings/models/agent-picker.tsx";
import { answeringModel, isDemo, useAgents, useModels } from "../../settings/models/use-catalogue.ts";
import { useChoices } from "../../settings/models/use-choices.ts";
import { ArchivedBar, ReaderBar } from "../../sharing/read-only-bar.tsx";
import { useShare } from "../../sharing/use-share.ts";
import { useStanding } from "../../sharing/use-standing.ts";
import { findConversation } from "../../sidebar/list/conversation-pages.ts";
import { Thread } from "../../thread/thread.tsx";
import { useConversation } from "../../thread/use-conversation.ts";
import { ConnectionBanner } from "../frame/connection-banner.tsx";
import { ConversationHeader } from "./conversation-header.tsx";
import { Greeting, Starters } from "./empty-state.tsx";
import { LoadProblem } from "../frame/load-problem.tsx";
import { shellTexts } from "../shell-texts.ts";
import { ThreadSkeleton } from "./thread-skeleton.tsx";
import { useAddress } from "../use-address.ts";
import { useDocumentTitle } from "../frame/use-document-title.ts";
import { useFork } from "./use-fork.ts";
import { useShown } from "../frame/use-shown.ts";

export interface ConversationPageProps {
  readonly store: ConversationStore;
  /** Whether the address is that of a new conversation. */
  readonly isNew: boolean;
}

/** One conversation: its header, its messages, and the box to write in. */
export const ConversationPage = ({ store, isNew }: ConversationPageProps) => {
  const queries = useQueryClient();
  const loaded = useConversation(store, (view) => view.conversation);
  // until it is loaded, what the sidebar knows of it
  const conversation = loaded ?? findConversation(queries, store.conversationId) ?? null;
  const load = useConversation(store, (view) => view.load);
  const error = useConversation(store, (view) => view.error);
  const connection = useConversation(store, (view) => view.connection);
  const hasMessages = useConversation(store, (view) => view.messages.length + view.waiting.length > 0);
  const choices = useChoices(store, conversation);
  const modelId = answeringModel(choices, useModels(), useAgents());
  const [isChoosingModel, setIsChoosingModel] = useState(false);
  const fork = useFork(store);
  const share = useShare(store, conversation);
  const standing = useStanding(conversation);
  useShown(store);
  useAddress(store, isNew);
  useDocumentTitle(conversation?.title ?? null);
  const isEmpty = !hasMessages && (load === "new" || load === "ready");
  const isFailed = load === "failed" && !hasMessages;
  return (
    <main aria-label={shellTexts.regions.main} className="@container/main relative flex h-full min-w-0 flex-col bg-bg">
      <ConversationHeader
        store={store}
        conversation={conversation}
        choices={choices}
        isChoosingModel={isChoosingModel}
        onChoosingModel={setIsChoosingModel}
        onShare={share}
      />
      <ConnectionBanner connection={connection} />
      {isFailed && <LoadProblem store={store} error={error} />}
      {load === "loading" && !hasMessages && <ThreadSkeleton />}
      {isEmpty && <Greeting store={store} modelId={modelId} />}
      {!isEmpty && !isFailed && (
        <div data-region="thread" className="flex min-h-0 flex-1 flex-col">
          <Thread
            key={store.conversationId}
            store={store}
            isReadOnly={standing !== "writer"}
            onFork={standing === "reader" ? undefined : fork}
            onShare={share ?? undefined}
            onChooseModel={() => setIsChoosingModel(true)}
          />
        </div>
      )}
      {!isFailed && standing === "reader" && <ReaderBar conversation={conversation} />}
      {!isFailed && standing === "archived" && conversation !== null && <ArchivedBar conversation={conversation} />}
      {!isFailed && standing === "writer" && (
        <div key="composer" data-region="composer">
          <Composer key={store.conversationId} store={store} isDemo={modelId !== null && isDemo(modelId)}>
            <AgentPicker choices={choices} />
          </Composer>
        </div>
      )}
      {isEmpty && standing === "writer" && <Starters modelId={modelId} onStart={(text) => store.send(text)} />}
    </main>
  );
};
