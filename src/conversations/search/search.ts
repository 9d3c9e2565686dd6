import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { FoundConversation, FoundMessage } from "../../protocol/search.ts";
import {
  isCut,
  readWholeTexts,
  searchMessages,
  type FoundMessageRow,
  type SearchCursor,
} from "../../store/search/search-rows.ts";
import { searchTitles } from "../../store/search/title-rows.ts";
import { shownWords, toQueryTerms, type QueryTerms } from "./search-terms.ts";
import { snippetOf } from "./snippet.ts";
import { fold } from "./words.ts";

export interface SearchQuery {
  readonly q: string;
  readonly cursor?: SearchCursor | undefined;
  readonly limit: number;
}

export interface SearchAnswer {
  /** By their titles; on the first page alone. */
  readonly conversations: readonly FoundConversation[];
  /** Fewer than asked for, with a cursor: it was looked for long enough, and may go on there. */
  readonly data: readonly FoundMessage[];
  readonly nextCursor: SearchCursor | null;
}

interface Terms extends QueryTerms {
  readonly workspaceId: string;
  readonly viewerId: string;
  /** What a person would see of the query in a text. */
  readonly shown: RegExp | null;
}

const mostTitles = 10;
const mostRounds = 4;
const mostRows = 200;

const holds = (text: string, exact: readonly string[]): boolean => {
  if (exact.length === 0) return true;
  const folded = fold(text);
  return exact.every((run) => folded.includes(run));
};

/** The rows with all of their texts where the beginning does not show what was looked for. */
const withWholeTexts = async (
  database: Database,
  rows: readonly FoundMessageRow[],
  { workspaceId, exact, shown }: Terms,
): Promise<readonly FoundMessageRow[]> => {
  const shows = ({ text }: FoundMessageRow): boolean =>
    (shown === null || text.search(shown) >= 0) && holds(text, exact);
  const short = rows.filter((row) => isCut(row) && !shows(row));
  if (short.length === 0) return rows;
  const texts = await readWholeTexts(database, workspaceId, short);
  const whole = new Map(short.map((row, index) => [row, texts[index]]));
  return rows.map((row) => ({ ...row, text: whole.get(row) ?? row.text }));
};

const cursorOf = (row: FoundMessageRow): SearchCursor => ({
  createdAt: row.cursor_at,
  id: row.id,
  conversationId: row.conversation_id,
});

/** Messages with all the words, without those where pairs of characters stand apart: looked for a few times. */
const findMessages = async (database: Database, terms: Terms, { cursor, limit }: SearchQuery) => {
  const found: FoundMessageRow[] = [];
  let after = cursor;
  for (let round = 0; round < mostRounds; round += 1) {
    const asked = Math.min((limit + 1) * 4 ** round, mostRows);
    const rows = await searchMessages(database, terms, { after, limit: asked });
    const said = await withWholeTexts(
      database,
      rows.filter((row) => !row.is_removed),
      terms,
    );
    found.push(...said.filter(({ text }) => holds(text, terms.exact)));
    const last = rows.at(-1);
    after = rows.length < asked || last === undefined ? undefined : cursorOf(last);
    if (after === undefined || found.length > limit) break;
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: found.length > limit && last !== undefined ? cursorOf(last) : (after ?? null) };
};

const findTitles = async (database: Database, terms: Terms) => {
  const rows = await searchTitles(database, terms, mostTitles * (terms.exact.length === 0 ? 1 : mostRounds));
  return rows.filter(({ title }) => holds(title, terms.exact)).slice(0, mostTitles);
};

/** Messages and titles that say all the words, among what the caller may see (N10); newest first. */
export const search = async (database: Database, principal: Principal, query: SearchQuery): Promise<SearchAnswer> => {
  const { workspaceId, userId } = principal;
  const words = toQueryTerms(principal, query.q);
  if (words === null) return { conversations: [], data: [], nextCursor: null };
  const shown = shownWords(query.q);
  const terms = { ...words, workspaceId, viewerId: userId, shown };
  const titles = query.cursor === undefined ? await findTitles(database, terms) : [];
  const { page, nextCursor } = await findMessages(database, terms, query);
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
    nextCursor,
  };
};
