import sql, { empty, join, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** What is looked for, and who looks. */
export interface SearchTerms {
  readonly workspaceId: string;
  readonly viewerId: string;
  /** A tsquery over the words that `foldWords` tells. */
  readonly words: string;
  /** Texts that must stand in it just so, as `foldWords` would write them. */
  readonly exact: readonly string[];
}

/** Where a search goes on: the last message seen. */
export interface SearchCursor {
  readonly createdAt: string;
  readonly id: string;
  readonly conversationId: string;
}

export interface FoundMessageRow {
  readonly id: string;
  readonly conversation_id: string;
  readonly title: string | null;
  readonly role: "user" | "assistant" | "system";
  readonly text: string;
  readonly created_at: Date;
  readonly cursor_at: string;
}

export interface FoundConversationRow {
  readonly id: string;
  readonly title: string;
  readonly updated_at: Date;
}

/** So many of the newest messages are looked through for words that stand in many of them. */
const probed = 1_000;

/** The words of a text as they are searched: in small letters, with blanks between them. */
export const foldWords = async (database: Database, text: string): Promise<string> => {
  const [row] = await database.query<{ words: string }>(sql`select search_words(${text}) as words`);
  return row?.words ?? "";
};

// by the id alone: without statistics the planner would take another index and read it whole for each message
const visible = ({ workspaceId, viewerId }: SearchTerms): Sql => sql`
  c.workspace_id || '' = ${workspaceId} and coalesce(c.deleted_at, 'infinity') = 'infinity' and not c.temporary
  and (c.owner_id = ${viewerId} or c.visibility = 'workspace')`;

const saysExactly = (content: Sql, exact: readonly string[]): Sql =>
  exact.length === 0
    ? empty
    : sql`and ${join(
        exact.map((text) => sql`strpos(search_fold(${content}), search_fold(${text})) > 0`),
        " and ",
      )}`;

const before = (cursor: SearchCursor | undefined): Sql =>
  cursor === undefined
    ? empty
    : sql`and (m.created_at, m.id, m.conversation_id) < (${cursor.createdAt}::text::timestamptz, ${cursor.id}, ${cursor.conversationId})`;

const newestFirst = sql`order by m.created_at desc, m.id desc, m.conversation_id desc`;

interface SearchPage {
  readonly after: SearchCursor | undefined;
  readonly limit: number;
}

const answering = (database: Database, hits: Sql, terms: SearchTerms, { limit }: SearchPage) =>
  database.query<FoundMessageRow>(sql`
    with hits as materialized (${hits}), page as (
      select m.id, m.conversation_id, m.created_at, c.title from hits m
      join conversation c on c.id = m.conversation_id
      where m.workspace_id = ${terms.workspaceId} and ${visible(terms)} ${newestFirst} limit ${limit})
    select m.id, m.conversation_id, p.title, m.role, left(message_text(m.parts), 50000) as text, m.created_at, m.created_at::text as cursor_at
    from page p join message m on m.id = p.id and m.conversation_id = p.conversation_id and m.workspace_id = ${terms.workspaceId}
    ${newestFirst}`);

/**
 * Messages that say it and that the viewer may see, newest first. A word that is in many messages is found among the
 * newest ones at once; one that is in few, by the index.
 */
export const searchMessages = async (
  database: Database,
  terms: SearchTerms,
  page: SearchPage,
): Promise<FoundMessageRow[]> => {
  const { workspaceId, words, exact } = terms;
  const columns = sql`m.workspace_id, m.conversation_id, m.id, m.created_at`;
  const says = sql`m.words @@ ${words}::tsquery ${saysExactly(sql`message_text(m.parts)`, exact)}`;
  const newest = sql`
    select ${columns} from (
      select * from message m where m.workspace_id = ${workspaceId} ${before(page.after)} ${newestFirst} limit ${probed}) m
    where ${says}`;
  const found = await answering(database, newest, terms, page);
  if (found.length >= page.limit) return found;
  return answering(database, sql`select ${columns} from message m where ${says} ${before(page.after)}`, terms, page);
};

/** Conversations whose title says it and that the viewer may see, by last update. */
export const searchTitles = (database: Database, terms: SearchTerms, limit: number): Promise<FoundConversationRow[]> =>
  database.query(sql`
    with hits as materialized (
      select c.* from conversation c where c.title_words @@ ${terms.words}::tsquery ${saysExactly(sql`c.title`, terms.exact)})
    select c.id, c.title, c.updated_at from hits c where ${visible(terms)}
    order by c.updated_at desc, c.id desc limit ${limit}`);
