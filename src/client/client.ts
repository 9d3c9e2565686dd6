import { adminCalls } from "./calls/admin-calls.ts";
import { accountCalls } from "./calls/account-calls.ts";
import { artifactCalls } from "./calls/artifact-calls.ts";
import { attachmentCalls } from "./calls/attachment-calls.ts";
import type { AgentDescription, Model } from "../protocol/agent/catalogue.ts";
import type { Page } from "../protocol/page.ts";
import type { Me } from "../protocol/people/account.ts";
import type { UsagePage } from "../protocol/usage.ts";
import type { UsageQuery } from "./calls/queries.ts";
import { chatCalls, completionCalls, waitingSendCalls } from "./calls/chat-calls.ts";
import { conversationCalls, messageCalls } from "./calls/conversation-calls.ts";
import { executionCalls } from "./calls/execution-calls.ts";
import { keyCalls } from "./calls/key-calls.ts";
import { workspaceCalls } from "./calls/people-calls.ts";
import { questionCalls } from "./calls/question-calls.ts";
import { searchCall } from "./calls/search-calls.ts";
import { shareCalls } from "./calls/share-calls.ts";
import { webhookCalls } from "./calls/webhook-calls.ts";
import { budgetCalls } from "./calls/budget-calls.ts";
import { transferCalls } from "./calls/transfer-calls.ts";
import { createRequester, type ClientOptions } from "./requests/requester.ts";

/**
 * A client of Natter's native HTTP API, for browsers and servers. Every call throws a RequestError when it does not succeed.
 *
 * @example
 * const client = createClient({ baseUrl: "https://chat.example", token: () => session.token() });
 * const { data } = await client.conversations.list({ limit: 20 });
 */
export const createClient = (options: ClientOptions) => {
  const requester = createRequester(options);
  const { json } = requester;
  return {
    chat: chatCalls(requester),
    conversations: conversationCalls(requester),
    messages: messageCalls(requester),
    completions: completionCalls(requester),
    waitingSends: waitingSendCalls(requester),
    questions: questionCalls(requester),
    toolExecutions: executionCalls(requester),
    account: accountCalls(requester),
    admin: adminCalls(requester),
    attachments: attachmentCalls(requester),
    artifacts: artifactCalls(requester),
    shares: shareCalls(requester),
    search: searchCall(requester),
    workspaces: workspaceCalls(requester),
    keys: keyCalls(requester),
    webhooks: webhookCalls(requester),
    budgets: budgetCalls(requester),
    transfer: transferCalls(requester),
    /** `all`: also those that the workspace does not allow, for its owners and admins. */
    models: ({ all = false }: { readonly all?: boolean } = {}): Promise<Page<Model>> =>
      json("/v1/models", { query: { all: all ? true : undefined } }),
    agents: (): Promise<Page<AgentDescription>> => json("/v1/agents"),
    me: (): Promise<Me> => json("/v1/me"),
    usage: (query: UsageQuery = {}): Promise<UsagePage> => json("/v1/usage", { query: { ...query } }),
  };
};

export type Client = ReturnType<typeof createClient>;
