import type { Database } from "../ports/database.ts";
import type { Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Conversation } from "../protocol/resources.ts";
import {
  countConversations,
  listConversationRows,
  type ConversationCursor,
} from "../store/conversation/conversation-rows.ts";
import { openConversation } from "./access.ts";
import { toConversation } from "./resource.ts";

export const getConversation = async (
  database: Database,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<Conversation> => toConversation(await openConversation(database, principal, { id, permit }));

export interface ConversationQuery {
  /** Part of a title. */
  readonly q?: string | undefined;
  readonly status?: Conversation["status"] | undefined;
  /** Absent: pinned or not. */
  readonly pinned?: boolean | undefined;
  /** Those that others share with the workspace, instead of one's own. */
  readonly shared?: boolean | undefined;
  /** Only those in which an answer has ended since the caller looked, or only the others. */
  readonly unread?: boolean | undefined;
  readonly cursor?: ConversationCursor | undefined;
  readonly limit: number;
  /** Also say how many there are in all. */
  readonly count?: boolean | undefined;
}

export interface ConversationList {
  readonly data: Conversation[];
  readonly nextCursor: ConversationCursor | null;
  readonly count?: number;
}

/** The caller's own conversations, or those that others share, by last update, newest first (D8); temporary and deleted ones are absent. */
export const listConversations = async (
  database: Database,
  principal: Principal,
  query: ConversationQuery,
): Promise<ConversationList> => {
  const filter = {
    workspaceId: principal.workspaceId,
    ownerId: principal.userId,
    status: query.status,
    pinned: query.pinned,
    query: query.q,
    shared: query.shared === true,
    unread: query.unread,
  };
  const rows = await listConversationRows(database, filter, { after: query.cursor, limit: query.limit + 1 });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map((row) => ({ ...toConversation(row), unread: row.unread })),
    nextCursor: rows.length > query.limit && last !== undefined ? { updatedAt: last.cursor_at, id: last.id } : null,
    ...(query.count === true ? { count: await countConversations(database, filter) } : {}),
  };
};
