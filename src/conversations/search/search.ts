import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/principal.ts";
import type { FoundConversation, FoundMessage } from "../../protocol/search.ts";
import { foldWords, searchMessages, searchTitles, type SearchCursor } from "../../store/search/search-rows.ts";
import { exactRuns, shownWords, toWordsQuery } from "./search-terms.ts";
import { snippetOf } from "./snippet.ts";

export interface SearchQuery {
  readonly q: string;
  readonly cursor?: SearchCursor | undefined;
  readonly limit: number;
}

export interface SearchAnswer {
  /** By their titles; on the first page alone. */
  readonly conversations: readonly FoundConversation[];
  readonly data: readonly FoundMessage[];
  readonly nextCursor: SearchCursor | null;
}

const mostTitles = 10;

/** Messages and titles that say all the words, among what the caller may see (N10); newest first. */
export const search = async (database: Database, principal: Principal, query: SearchQuery): Promise<SearchAnswer> => {
  const { workspaceId, userId: viewerId } = principal;
  const words = toWordsQuery(workspaceId, await foldWords(database, query.q));
  if (words === null) return { conversations: [], data: [], nextCursor: null };
  const terms = { workspaceId, viewerId, words, exact: exactRuns(query.q) };
  const titles = query.cursor === undefined ? await searchTitles(database, terms, mostTitles) : [];
  const rows = await searchMessages(database, terms, { after: query.cursor, limit: query.limit + 1 });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const shown = shownWords(query.q);
  return {
    conversations: titles.map(({ id, title, updated_at: updatedAt }) => ({
      conversationId: id,
      snippet: snippetOf(title, shown),
      updatedAt: updatedAt.toISOString(),
    })),
    data: page.map((row) => ({
      conversationId: row.conversation_id,
      conversationTitle: row.title,
      messageId: row.id,
      role: row.role,
      snippet: snippetOf(row.text, shown),
      createdAt: row.created_at.toISOString(),
    })),
    nextCursor:
      rows.length > query.limit && last !== undefined
        ? { createdAt: last.cursor_at, id: last.id, conversationId: last.conversation_id }
        : null,
  };
};
