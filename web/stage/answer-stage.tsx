import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createClient, createLiveConnection, type ConversationStore, type ConversationView } from "natter/client";
import { createRoot } from "react-dom/client";
import { NatterProvider } from "../src/shell/natter-context.ts";
import { followTheme } from "../src/settings/theme.ts";
import { Thread } from "../src/thread/thread.tsx";
import type { AnswerStage, AskedRequest, ShownAnswer } from "./answer-contract.ts";
import "./stage.css";

declare global {
  interface Window {
    answerStage: AnswerStage;
  }
}

const asked: AskedRequest[] = [];
let shown: ShownAnswer = { parts: [] };

const agents = () => [
  {
    id: "default",
    name: "Default",
    model: null,
    tools: shown.tools ?? [],
    runner: "toolLoop",
    maxSteps: 10,
    isDefault: true,
  },
];

/** Answers from the page itself; what changes something is only noted. */
const answerHere: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const { pathname } = new URL(request.url);
  if (request.method === "GET") {
    const data = pathname.endsWith("/agents") ? agents() : [];
    return Response.json({ data, nextCursor: null });
  }
  const text = await request.text();
  asked.push({ method: request.method, path: pathname, body: text === "" ? null : JSON.parse(text) });
  return Response.json({});
};

const viewOf = ({ parts, isLive = false, isWaiting = false }: ShownAnswer): ConversationView => ({
  conversationId: "stage",
  conversation: null,
  load: "ready",
  error: null,
  connection: "connected",
  messages: [
    {
      id: "answer",
      parentId: null,
      role: "assistant",
      parts,
      state: isLive ? (isWaiting ? "waiting" : "tool-running") : "finished",
      siblings: ["answer"],
      authorId: null,
      completionId: "completion",
      completion: null,
      vote: null,
      sequence: 1,
      createdAt: new Date().toISOString(),
      error: null,
    },
  ],
  hasEarlier: false,
  isLoadingEarlier: false,
  waiting: [],
  live: null,
  executions: [],
  draft: {},
  presence: [],
});

let view = viewOf(shown);
const listeners = new Set<() => void>();
const nothing = (): void => {};
const soon = async (): Promise<void> => {};

const client = createClient({ baseUrl: "", fetch: answerHere });

/** As a store of a conversation does them, over requests that go nowhere. */
const calls: Pick<ConversationStore, "decide" | "answerTool"> = {
  decide: async (approvalId, decision, reason) =>
    void (await client.questions.decide(approvalId, reason === undefined ? { decision } : { decision, reason })),
  answerTool: async (callId, result) => void (await client.questions.answer(callId, result)),
};

const store: ConversationStore = {
  conversationId: "stage",
  subscribe: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  getSnapshot: () => view,
  send: () => "",
  retry: nothing,
  discard: () => [],
  edit: () => "",
  regenerate: soon,
  stop: soon,
  vote: soon,
  change: soon,
  draft: nothing,
  setWriting: nothing,
  select: nothing,
  reveal: async () => false,
  loadEarlier: soon,
  changeWaiting: soon,
  removeWaiting: soon,
  sendWaitingNow: soon,
  ...calls,
  cancelTool: soon,
  retryTool: soon,
  refresh: soon,
  reconnect: nothing,
  close: nothing,
};

const natter = { client, live: createLiveConnection({ baseUrl: "" }) };
const queries = new QueryClient();

const element = document.getElementById("stage");
if (element === null) throw new Error("the page has no element with the id stage");
followTheme();
createRoot(element).render(
  <QueryClientProvider client={queries}>
    <NatterProvider value={natter}>
      <main className="flex h-full flex-col">
        <h1 className="sr-only">An answer</h1>
        <Thread store={store} />
        <textarea id="composer" aria-label="Message" />
      </main>
    </NatterProvider>
  </QueryClientProvider>,
);

window.answerStage = {
  show: (answer) => {
    shown = answer;
    asked.length = 0;
    void queries.invalidateQueries();
    view = viewOf(answer);
    for (const listener of listeners) listener();
  },
  asked: () => asked,
};
