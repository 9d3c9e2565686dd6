import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** What is looked for, and who looks. */
export interface SearchTerms {
  readonly workspaceId: string;
  readonly viewerId: string;
  /** The marks of what the viewer may see: one's own, and the workspace's. */
  readonly scopes: readonly [string, string];
  /** A tsquery over marked words. */
  readonly all: string;
  /** The same without words of which only the beginning is known; null where nothing else is, or there are none. */
  readonly whole: string | null;
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
  /** It was removed just now: a place in the list and no more. */
  readonly is_removed: boolean;
}

interface SearchPage {
  readonly after: SearchCursor | undefined;
  readonly limit: number;
}

/** Characters of a message that are searched and shown. */
export const longestText = 100_000;

/** Characters of a found message that are read at first. */
const beginning = 10_000;

/** So many of the newest messages are looked through for words that stand in many of them. */
const probed = 300;

/** So many messages with the whole words are looked through for what may begin with the rest. */
const mostCandidates = 1_000;

// by the id alone: without statistics the planner would take another index and read it whole for each message
export const visible = ({ workspaceId, viewerId }: SearchTerms): Sql => sql`
  c.workspace_id || '' = ${workspaceId} and coalesce(c.deleted_at, 'infinity') = 'infinity' and not c.temporary
  and (c.owner_id = ${viewerId} or c.visibility = 'workspace')`;

/** The conversation of an entry, if the viewer may see it. */
export const conversationOf = (terms: SearchTerms): Sql => sql`
  cross join lateral (select * from conversation c
    where c.id = s.conversation_id and c.workspace_id = s.workspace_id and ${visible(terms)} limit 1) c`;

const before = (cursor: SearchCursor | undefined): Sql =>
  cursor === undefined
    ? empty
    : sql`and (s.created_at, s.message_id, s.conversation_id) < (${cursor.createdAt}::text::timestamptz, ${cursor.id}, ${cursor.conversationId})`;

const newestFirst = sql`order by s.created_at desc, s.message_id desc, s.conversation_id desc`;
const keys = sql`s.workspace_id, s.conversation_id, s.message_id, s.created_at`;

// a function where `@@` stands for an index: the planner would ask it instead of looking at the few rows
export const says = (query: string): Sql => sql`ts_match_vq(s.words, ${query}::tsquery)`;

const answering = (database: Database, hits: Sql, terms: SearchTerms, { limit }: SearchPage) =>
  database.query<FoundMessageRow>(sql`
    with hits as materialized (${hits}), page as materialized (
      select ${keys}, c.title from (select * from hits s ${newestFirst} offset 0) s
      ${conversationOf(terms)} ${newestFirst} limit ${limit})
    select m.id, m.conversation_id, s.title, m.role, left(coalesce(message_text(m.parts), ''), ${beginning}) as text, m.created_at, m.created_at::text as cursor_at,
      m.deleted_at is not null as is_removed
    from page s join message m on m.id = s.message_id and m.conversation_id = s.conversation_id and m.workspace_id = s.workspace_id
    ${newestFirst}`);

const newestIn = (scope: string, after: SearchCursor | undefined): Sql => sql`
  (select * from message_search s where s.scope = ${scope} ${before(after)} ${newestFirst} limit ${probed})`;

const amongNewest = ({ scopes: [own, shared], all }: SearchTerms, { after }: SearchPage): Sql => sql`
  select ${keys} from (${newestIn(own, after)} union all ${newestIn(shared, after)}) s where ${says(all)}`;

const byIndex = (query: string, { after }: SearchPage): Sql => sql`
  select ${keys} from message_search s where s.words @@ ${query}::tsquery ${before(after)}`;

const byWholeWords = async (
  database: Database,
  terms: SearchTerms & { readonly whole: string },
  page: SearchPage,
): Promise<FoundMessageRow[] | null> => {
  // its own limit would make the planner read the table from its start instead of asking the index
  const candidates = sql`
    with candidates as materialized (select ${keys}, s.words from message_search s where s.words @@ ${terms.whole}::tsquery ${before(page.after)})
    select * from candidates limit ${mostCandidates + 1}`;
  const [counted] = await database.query<{ count: number }>(
    sql`select count(*) as count from (${candidates}) candidate`,
  );
  if ((counted?.count ?? 0) > mostCandidates) return null;
  return answering(database, sql`select ${keys} from (${candidates}) s where ${says(terms.all)}`, terms, page);
};

/**
 * Messages that say it and that the viewer may see, newest first. What stands in many is found among the newest ones at
 * once; what stands in few, by the index. A beginning that many words share is looked for among what says the others.
 */
export const searchMessages = async (
  database: Database,
  terms: SearchTerms,
  page: SearchPage,
): Promise<FoundMessageRow[]> => {
  const newest = await answering(database, amongNewest(terms, page), terms, page);
  if (newest.length >= page.limit) return newest;
  const { whole } = terms;
  const few = whole === null ? null : await byWholeWords(database, { ...terms, whole }, page);
  return few ?? answering(database, byIndex(terms.all, page), terms, page);
};

/** Whether more of it is searched than was read. */
export const isCut = ({ text }: FoundMessageRow): boolean => text.length >= beginning;

/** All of the texts that is searched, in the order of the messages. */
export const readWholeTexts = async (
  database: Database,
  workspaceId: string,
  messages: readonly FoundMessageRow[],
): Promise<string[]> => {
  const rows = await database.query<{ text: string }>(sql`
    select left(coalesce(message_text(m.parts), ''), ${longestText}) as text
    from unnest(${messages.map(({ id }) => id)}::text[], ${messages.map((row) => row.conversation_id)}::text[])
      with ordinality as named (id, conversation_id, place)
    left join message m on m.id = named.id and m.conversation_id = named.conversation_id and m.workspace_id = ${workspaceId}
    order by place`);
  return rows.map(({ text }) => text);
};
