import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createClient, createLiveConnection, RequestError } from "natter/client";
import { Router, useRoute } from "wouter";
import { basePath } from "./base-path.ts";
import { ConversationRoute } from "./conversation-route.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Layout } from "./layout.tsx";
import { MissingPage } from "./missing-page.tsx";
import { NatterProvider, type Natter } from "./natter-context.ts";
import { SessionGate } from "./session-gate.tsx";

const mostRetries = 3;

const createNatter = (): Natter => ({
  client: createClient({ baseUrl: basePath }),
  live: createLiveConnection({ baseUrl: basePath }),
});

const natter = createNatter();
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (attempt, error) => attempt < mostRetries && error instanceof RequestError && error.isPassing,
    },
  },
});

const Pages = () => {
  const [isNew] = useRoute("/");
  const [isConversation, params] = useRoute("/c/:conversationId");
  if (!isNew && !isConversation) return <MissingPage />;
  const conversationId = params?.conversationId ?? null;
  return (
    <Layout currentId={conversationId}>
      <ErrorBoundary place={conversationId}>
        <ConversationRoute conversationId={conversationId} />
      </ErrorBoundary>
    </Layout>
  );
};

/** The whole app. */
export const App = () => (
  <ErrorBoundary>
    <QueryClientProvider client={queries}>
      <NatterProvider value={natter}>
        <Router base={basePath}>
          <SessionGate>
            <Pages />
          </SessionGate>
        </Router>
      </NatterProvider>
    </QueryClientProvider>
  </ErrorBoundary>
);
