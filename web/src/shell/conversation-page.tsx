import { useQueryClient } from "@tanstack/react-query";
import type { ConversationStore } from "natter/client";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Composer } from "../composer/composer.tsx";
import { answeringModel, isDemo, useAgents, useModels } from "../settings/use-catalogue.ts";
import { useChoices } from "../settings/use-choices.ts";
import { findConversation, putConversation } from "../sidebar/conversation-pages.ts";
import { markSeen } from "../sidebar/seen-conversations.ts";
import { Thread } from "../thread/thread.tsx";
import { useConversation } from "../thread/use-conversation.ts";
import { messageOf } from "../ui/message-of.ts";
import { notify } from "../ui/notices.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ConversationHeader } from "./conversation-header.tsx";
import { conversationPath } from "./conversation-path.ts";
import { Greeting, Starters } from "./empty-state.tsx";
import { LoadProblem } from "./load-problem.tsx";
import { useNatter } from "./natter-context.ts";
import { shellTexts } from "./shell-texts.ts";
import { isUntouched } from "./is-untouched.ts";
import { ThreadSkeleton } from "./thread-skeleton.tsx";
import { useDocumentTitle } from "./use-document-title.ts";

export interface ConversationPageProps {
  readonly store: ConversationStore;
  /** Whether the address is that of a new conversation. */
  readonly isNew: boolean;
}

const warn = (error: unknown): void => console.warn("a conversation that was left could not be read", error);

/** What the page shows is seen, and stands in the sidebar as it is. */
const useShown = (store: ConversationStore): void => {
  const client = useNatter();
  const queries = useQueryClient();
  const conversation = useConversation(store, (view) => view.conversation);
  useEffect(() => {
    if (conversation === null) return;
    putConversation(queries, conversation);
    const mark = (): void => {
      if (document.visibilityState === "visible") markSeen(conversation);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [queries, conversation]);
  useEffect(
    () => () => {
      const { conversation: last, live } = store.getSnapshot();
      // whoever leaves right after the end has seen it, though the page has not heard of it yet
      if (last !== null && last.activity !== "idle" && live === null)
        client.conversations.get(last.id).then(markSeen, warn);
    },
    [client, store],
  );
};

/** The first message gives a new conversation its address. */
const useAddress = (store: ConversationStore, isNew: boolean): void => {
  const [, navigate] = useLocation();
  useEffect(() => {
    // on the way to a new conversation the page is still drawn once with the one before
    if (!isNew || !isUntouched(store)) return;
    const stop = store.subscribe(() => {
      if (isUntouched(store)) return;
      stop();
      navigate(conversationPath(store.conversationId));
    });
    return stop;
  }, [store, isNew, navigate]);
};

const useFork = (store: ConversationStore): ((messageId: string) => void) => {
  const client = useNatter();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const isForking = useRef(false);
  return (messageId) => {
    if (isForking.current) return;
    isForking.current = true;
    client.conversations
      .fork(store.conversationId, messageId)
      .then((fork) => {
        putConversation(queries, fork);
        navigate(conversationPath(fork.id));
      })
      .catch((error: unknown) => notify(messageOf(error), { tone: "danger" }))
      .finally(() => {
        isForking.current = false;
      });
  };
};

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
  useShown(store);
  useAddress(store, isNew);
  useDocumentTitle(conversation?.title ?? null);
  const isEmpty = !hasMessages && (load === "new" || load === "ready");
  const isFailed = load === "failed" && !hasMessages;
  return (
    <main aria-label={shellTexts.regions.main} className="@container/main relative flex h-full min-w-0 flex-col bg-bg">
      <ConversationHeader
        conversation={conversation}
        choices={choices}
        isChoosingModel={isChoosingModel}
        onChoosingModel={setIsChoosingModel}
      />
      <ConnectionBanner connection={connection} />
      {isFailed && <LoadProblem store={store} error={error} />}
      {load === "loading" && !hasMessages && <ThreadSkeleton />}
      {isEmpty && <Greeting modelId={modelId} />}
      {!isEmpty && !isFailed && (
        <div data-region="thread" className="flex min-h-0 flex-1 flex-col">
          <Thread
            key={store.conversationId}
            store={store}
            onFork={fork}
            onChooseModel={() => setIsChoosingModel(true)}
          />
        </div>
      )}
      {!isFailed && (
        <div key="composer" data-region="composer">
          <Composer key={store.conversationId} store={store} isDemo={modelId !== null && isDemo(modelId)} />
        </div>
      )}
      {isEmpty && <Starters modelId={modelId} onStart={(text) => store.send(text)} />}
    </main>
  );
};
