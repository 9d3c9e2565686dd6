import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createClient, createLiveConnection, RequestError } from "natter/client";
import { lazy, Suspense } from "react";
import { Router, useRoute } from "wouter";
import { ConversationActionsProvider } from "../sidebar/conversation-actions-provider.tsx";
import { EntryGate } from "../sign-in/entry-gate.tsx";
import { basePath } from "./base-path.ts";
import { ConversationRoute } from "./conversation/conversation-route.tsx";
import { ErrorBoundary } from "./frame/error-boundary.tsx";
import { Layout } from "./frame/layout.tsx";
import { MissingPage } from "./frame/missing-page.tsx";
import { NatterProvider, type Natter } from "./natter-context.ts";
import { SessionGate } from "./frame/session-gate.tsx";
import { createWatchfulFetch } from "./watchful-fetch.ts";
import { chosenWorkspace, leaveWorkspace } from "./workspace-choice.ts";

const mostRetries = 3;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (attempt, error) => attempt < mostRetries && error instanceof RequestError && error.isPassing,
    },
  },
});

const fetch = createWatchfulFetch({
  onUnknown: () => void queries.invalidateQueries({ queryKey: ["me"] }),
  onOutside: leaveWorkspace,
});

const headers = chosenWorkspace === undefined ? {} : { "natter-workspace": chosenWorkspace };

const natter: Natter = {
  client: createClient({ baseUrl: basePath, headers, fetch }),
  live: createLiveConnection({ baseUrl: basePath, workspaceId: chosenWorkspace }),
};

// not `lazyPart`: most people never open it, and its charts are large
const ConsolePage = lazy(async () => ({ default: (await import("../console/console-page.tsx")).ConsolePage }));

const CopyPage = lazy(async () => ({ default: (await import("../sharing/copy-page.tsx")).CopyPage }));

const Pages = () => {
  const [isConsole] = useRoute("/console/:page?");
  const [isCopy] = useRoute("/copy");
  const [isNew] = useRoute("/");
  const [isConversation, params] = useRoute("/c/:conversationId");
  if (isConsole) {
    return (
      <Suspense>
        <ConsolePage />
      </Suspense>
    );
  }
  if (isCopy) {
    return (
      <Suspense>
        <CopyPage />
      </Suspense>
    );
  }
  if (!isNew && !isConversation) return <MissingPage />;
  const conversationId = params?.conversationId ?? null;
  return (
    <ConversationActionsProvider>
      <Layout currentId={conversationId}>
        <ErrorBoundary place={conversationId}>
          <ConversationRoute conversationId={conversationId} />
        </ErrorBoundary>
      </Layout>
    </ConversationActionsProvider>
  );
};

/** The whole app. */
export const App = () => (
  <ErrorBoundary>
    <QueryClientProvider client={queries}>
      <NatterProvider value={natter}>
        <Router base={basePath}>
          <EntryGate>
            <SessionGate>
              <Pages />
            </SessionGate>
          </EntryGate>
        </Router>
      </NatterProvider>
    </QueryClientProvider>
  </ErrorBoundary>
);
