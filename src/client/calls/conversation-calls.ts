import type { Conversation, Message, Vote } from "../../protocol/resources.ts";
import type { ConversationList } from "../../protocol/conversation-list.ts";
import type { Page } from "../../protocol/page.ts";
import type { ChangeConversationBody, CreateConversationBody, VoteBody } from "./bodies.ts";
import type { ConversationQuery, MessageQuery } from "./queries.ts";
import type { Requester } from "../requests/requester.ts";

export const conversationPath = (id: string): string => `/v1/conversations/${encodeURIComponent(id)}`;

/** Conversations as things of their own. */
export const conversationCalls = ({ json, response }: Requester) => ({
  list: (query: ConversationQuery = {}): Promise<ConversationList> =>
    json("/v1/conversations", { query: { ...query } }),
  get: (id: string): Promise<Conversation> => json(conversationPath(id)),
  create: (body: CreateConversationBody = {}): Promise<Conversation> => json("/v1/conversations", { body }),
  /** With `settingsVersion` it is refused (412) when somebody changed it meanwhile. */
  change: (
    id: string,
    body: ChangeConversationBody,
    { settingsVersion }: { readonly settingsVersion?: number } = {},
  ): Promise<Conversation> => {
    const tag = settingsVersion === undefined ? undefined : `"${settingsVersion}"`;
    return json(conversationPath(id), { method: "PATCH", body, headers: { "if-match": tag } });
  },
  remove: async (id: string): Promise<void> => void (await response(conversationPath(id), { method: "DELETE" })),
  restore: (id: string): Promise<Conversation> => json(`${conversationPath(id)}/restore`, { method: "POST" }),
  /** Says that one looks at it now: it is not unread any more, on any device. */
  see: async (id: string): Promise<void> => void (await response(`${conversationPath(id)}/seen`, { method: "PUT" })),
  /** Has a title generated; it comes within seconds, unless somebody gives one meanwhile. */
  generateTitle: async (id: string): Promise<void> =>
    void (await response(`${conversationPath(id)}/title`, { method: "POST" })),
  /** Makes a conversation of one's own of what was said, by default in the same workspace; files are only named in it. */
  copy: (id: string, workspaceId?: string): Promise<Conversation> =>
    json(`${conversationPath(id)}/copy`, { body: workspaceId === undefined ? {} : { workspaceId } }),
  /** Copies the branch that ends in a message; absent: the active one. */
  fork: (id: string, messageId?: string): Promise<Conversation> =>
    json(`${conversationPath(id)}/fork`, { body: messageId === undefined ? {} : { messageId } }),
});

const votePath = (conversationId: string, messageId: string): string =>
  `${conversationPath(conversationId)}/messages/${encodeURIComponent(messageId)}/vote`;

/** Messages of a conversation. */
export const messageCalls = ({ json, response }: Requester) => ({
  /** Your own vote on an answer. */
  getVote: (conversationId: string, messageId: string): Promise<Vote> => json(votePath(conversationId, messageId)),
  /** Votes on an answer, in the place of your earlier vote. */
  vote: (conversationId: string, messageId: string, body: VoteBody): Promise<Vote> =>
    json(votePath(conversationId, messageId), { method: "PUT", body }),
  removeVote: async (conversationId: string, messageId: string): Promise<void> =>
    void (await response(votePath(conversationId, messageId), { method: "DELETE" })),
  list: (conversationId: string, query: MessageQuery = {}): Promise<Page<Message>> =>
    json(`${conversationPath(conversationId)}/messages`, { query: { ...query } }),
  get: (conversationId: string, messageId: string): Promise<Message> =>
    json(`${conversationPath(conversationId)}/messages/${encodeURIComponent(messageId)}`),
  /** Adds a user message under the active leaf that nothing answers. */
  append: (conversationId: string, text: string): Promise<Message> =>
    json(`${conversationPath(conversationId)}/messages`, { body: { message: { text } } }),
  remove: async (conversationId: string, messageId: string): Promise<void> =>
    void (await response(`${conversationPath(conversationId)}/messages/${encodeURIComponent(messageId)}`, {
      method: "DELETE",
    })),
});
