import type { Conversation } from "../../protocol/resources.ts";
import type { NewShare, Share, SharedConversation } from "../../protocol/share.ts";
import type { Page } from "../../protocol/page.ts";
import type { CreateShareBody } from "./bodies.ts";
import { conversationPath } from "./conversation-calls.ts";
import type { Requester } from "../requests/requester.ts";

const sharedPath = (token: string): string => `/v1/shared/${encodeURIComponent(token)}`;

/** Links with which anybody can read a conversation. */
export const shareCalls = ({ json, response }: Requester) => ({
  /** Those that are open, the newest first. */
  list: (conversationId: string): Promise<Page<Share>> => json(`${conversationPath(conversationId)}/shares`),
  /** Up to a message (default: the active leaf), for so many seconds (default: until it is revoked). The token is told once. */
  create: (conversationId: string, body: CreateShareBody = {}): Promise<NewShare> =>
    json(`${conversationPath(conversationId)}/shares`, { body }),
  revoke: async (conversationId: string, shareId: string): Promise<void> => {
    const path = `${conversationPath(conversationId)}/shares/${encodeURIComponent(shareId)}`;
    await response(path, { method: "DELETE" });
  },
  /** What a link shows. */
  read: (token: string): Promise<SharedConversation> => json(sharedPath(token)),
  /** Makes a conversation of one's own of it. */
  copy: (token: string): Promise<Conversation> => json(`${sharedPath(token)}/copy`, { method: "POST" }),
});
